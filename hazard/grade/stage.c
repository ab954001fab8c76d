/* SPDX-License-Identifier: MIT */
#include "hazard/grade/stage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "base/memory.h"
#include "hazard/root.h"

/* Processor time is for programs without end: searches are bounded by counts, which are the same everywhere. */
#define COMPILER_SECONDS 30
#define DETECTOR_SECONDS 300
#define FILE_BYTES ((size_t)1 << 46) /* explore's memory is a file with holes */
#define MEGABYTE ((size_t)1 << 20)

static const struct sandbox_limits limits[] = {
    [STAGE_COMPILER] = {.seconds = COMPILER_SECONDS,
                        .memory_bytes = 1024 * MEGABYTE,
                        .output_bytes = MEGABYTE,
                        .disk_bytes = 64 * MEGABYTE,
                        .processes = 64,
                        .open_files = 256},
    [STAGE_DETECTOR] = {.seconds = DETECTOR_SECONDS,
                        .memory_bytes = 3072 * MEGABYTE,
                        .output_bytes = 16 * MEGABYTE,
                        .disk_bytes = 256 * MEGABYTE,
                        .file_bytes = FILE_BYTES,
                        .processes = 512,
                        .open_files = 1024},
};

static const struct sandbox_limits *limits_of(enum stage_room room) {
    return &limits[room == STAGE_COMPILER ? STAGE_COMPILER : STAGE_DETECTOR];
}

/* ---- Folders ---------------------------------------------------------------------------------- */

/* A spare user reads it, whatever our umask. */
static int open_to_all(const char *path, mode_t mode, struct error *error) {
    return chmod(path, mode) == 0 ? 0
                                  : fail(error, "cannot open %s to all: %s", path, strerror(errno));
}

static const char *make_folder(void *owner, const char *parent, const char *name,
                               struct error *error) {
    char *path = never_null(talloc_asprintf(owner, "%s/%s", parent, name));
    return folder_make(path, error) == 0 && open_to_all(path, 0755, error) == 0 ? path : NULL;
}

static int copy(const char *from, const char *folder, const char *name, struct error *error) {
    void *scratch = new_owner();
    char *to = never_null(talloc_asprintf(scratch, "%s/%s", folder, name));
    char *parent = talloc_strndup(scratch, to, (size_t)(strrchr(to, '/') - to));
    char *bytes = file_read(scratch, from, error);
    int result = bytes == NULL || folder_make(parent, error) != 0 ||
                         open_to_all(parent, 0755, error) != 0 ||
                         file_replace(to, bytes, talloc_get_size(bytes) - 1, error) != 0 ||
                         open_to_all(to, 0644, error) != 0
                     ? -1
                     : 0;
    talloc_free(scratch);
    return result;
}

static int copy_all(const struct assignment *assignment, const char *const *names,
                    const char *folder, struct error *error) {
    int result = 0;
    for (; result == 0 && *names != NULL; names++) {
        char *from = never_null(talloc_asprintf(NULL, "%s/%s", assignment->folder, *names));
        result = copy(from, folder, *names, error);
        talloc_free(from);
    }
    return result;
}

static int copy_named(const char *file, const char *folder, const struct check *check,
                      const char *ending, struct error *error) {
    if (file == NULL)
        return 0;
    char *name = never_null(talloc_asprintf(NULL, "%s.%s", check->name, ending));
    int result = copy(file, folder, name, error);
    talloc_free(name);
    return result;
}

static int copy_inputs(const struct assignment *assignment, const char *folder,
                       struct error *error) {
    int result = 0;
    for (size_t i = 0; result == 0 && i < assignment->check_count; i++) {
        const struct check *check = &assignment->checks[i];
        result = copy_named(check->dialogue, folder, check, "dialogue", error);
        if (result == 0)
            result = copy_named(check->stdin_file, folder, check, "stdin", error);
    }
    return result;
}

static int fill(struct stage *stage, const struct assignment *assignment, struct error *error) {
    const char *own = make_folder(stage, stage->folder, ".hazard", error);
    const char *given = own != NULL ? make_folder(stage, own, "given", error) : NULL;
    stage->handin = given != NULL ? make_folder(stage, stage->folder, "handin", error) : NULL;
    if (stage->handin == NULL || make_folder(stage, own, "work", error) == NULL ||
        make_folder(stage, own, "tmp", error) == NULL ||
        make_folder(stage, own, "text", error) == NULL)
        return -1;
    return copy_all(assignment, assignment->given, stage->folder, error) != 0 ||
                   copy_all(assignment, assignment->driver, given, error) != 0 ||
                   copy_inputs(assignment, given, error) != 0
               ? -1
               : 0;
}

/* ---- What commands need ----------------------------------------------------------------------- */

static const char *folder_of(void *owner, const char *path) {
    return never_null(talloc_strndup(owner, path, (size_t)(strrchr(path, '/') - path)));
}

/* hazard itself, its runtime, <hazard.h>. */
static int list_reads(struct stage *stage, struct error *error) {
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    const char *runtime = root_data(stage, "explore/runtime.o", error);
    const char *headers = runtime != NULL ? root_include_folder(stage, error) : NULL;
    if (headers == NULL)
        return -1;
    if (length <= 0)
        return fail(error, "cannot find this program: %s", strerror(errno));
    const char **reads = new_array(stage, const char *, 4);
    stage->hazard = reads[0] = never_null(talloc_strndup(stage, self, (size_t)length));
    reads[1] = folder_of(stage, runtime);
    stage->headers = reads[2] = headers;
    stage->reads = reads;
    return 0;
}

static void list_environment(struct stage *stage) {
    const char **words = new_array(stage, const char *, 4);
    words[0] = never_null(talloc_asprintf(stage, "TMPDIR=%s/.hazard/tmp", stage->folder));
    words[1] = never_null(talloc_asprintf(stage, "HOME=%s/.hazard/tmp", stage->folder));
    words[2] = "HAZARD_CACHE_SIZE=0";
    stage->environment = words;
}

struct stage *stage_new(void *owner, const struct assignment *assignment,
                        const struct sandbox *sandbox, struct error *error) {
    struct stage *stage = new_array(owner, struct stage, 1);
    stage->sandbox = sandbox;
    stage->folder = root_scratch(stage, error);
    if (stage->folder == NULL)
        return NULL;
    list_environment(stage);
    if (open_to_all(stage->folder, 0755, error) == 0 && list_reads(stage, error) == 0 &&
        fill(stage, assignment, error) == 0)
        return stage;
    stage_remove(stage);
    return NULL;
}

void stage_remove(const struct stage *stage) {
    folder_remove(stage->folder);
}

/* ---- Commands --------------------------------------------------------------------------------- */

/* The teacher said that the machine may be trusted to the hand-in. */
static int run_unsafe(void *owner, const struct sandbox_spec *spec, bool compiles,
                      struct run_outcome *outcome, struct error *error) {
    const struct run_spec run = {.argv = spec->argv,
                                 .environment = spec->environment,
                                 .surroundings = {.input = spec->input, .folder = spec->folder},
                                 .limits = {.seconds = spec->limits.seconds,
                                            .output_bytes = spec->limits.output_bytes,
                                            .memory_bytes = spec->limits.memory_bytes},
                                 .may_idle = spec->may_idle,
                                 .asks_others = compiles,
                                 .any_file_size = true};
    return run_program(owner, &run, outcome, error);
}

int stage_run(void *owner, const struct stage *stage, enum stage_room room, const char *const *argv,
              const char *input, struct run_outcome *outcome, struct error *error) {
    const struct sandbox_spec spec = {.argv = argv,
                                      .environment = stage->environment,
                                      .reads = stage->reads,
                                      .scratch = stage->folder,
                                      .folder = stage->handin,
                                      .input = input,
                                      .limits = *limits_of(room),
                                      .loopback = room == STAGE_SERVER,
                                      .traces = room == STAGE_TRACER || room == STAGE_SERVER,
                                      .may_idle = true};
    if (stage->sandbox->tier == SANDBOX_NONE)
        return run_unsafe(owner, &spec, room == STAGE_COMPILER, outcome, error);
    return sandbox_run(owner, stage->sandbox, &spec, outcome, error);
}

static const char *const *command_line(void *owner, const char *program, const char *const *args) {
    size_t count = 0;
    while (args[count] != NULL)
        count++;
    const char **argv = new_array(owner, const char *, count + 2);
    argv[0] = program;
    memcpy(argv + 1, args, count * sizeof *args);
    return argv;
}

int stage_run_alone(void *owner, const struct stage *stage, const char *program,
                    const char *const *args, const char *input, struct run_outcome *outcome,
                    struct error *error) {
    const char *folder = root_scratch(owner, error);
    if (folder == NULL)
        return -1;
    char *own = never_null(talloc_asprintf(owner, "%s/program", folder));
    const struct sandbox_spec spec = {.argv = command_line(owner, own, args),
                                      .scratch = folder,
                                      .folder = folder,
                                      .input = input,
                                      .limits = sandbox_default_limits};
    int result = open_to_all(folder, 0755, error);
    if (result == 0)
        result = copy(program, folder, "program", error);
    if (result == 0)
        result = sandbox_make_executable(own, error);
    if (result == 0)
        result = stage->sandbox->tier == SANDBOX_NONE
                     ? run_unsafe(owner, &spec, false, outcome, error)
                     : sandbox_run(owner, stage->sandbox, &spec, outcome, error);
    folder_remove(folder);
    return result;
}
