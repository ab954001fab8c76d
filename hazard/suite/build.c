/* SPDX-License-Identifier: MIT */
/*
 * Up to date means: newer than the sources, the headers beside the suite, the runtime that is
 * linked to it and hazard itself, and made by the same words (compiler, flags, sources). Those are
 * kept in a lock file beside the program; two workers may want the same one at once, and the lock
 * makes the second wait for the first.
 */
#include "hazard/suite/build.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/memory.h"
#include "base/tool.h"
#include "hazard/cc/cc_hooks.h"
#include "hazard/cc/cc_line.h"
#include "hazard/kept/kept.h"
#include "hazard/root.h"
#include "run/run_describe.h"

#define COMPILER_SECONDS 120

/* What is to be made of what. */
struct build {
    void *owner;
    const struct flavour *flavour;
    const struct recipe *recipe;
    const char *output;
    const char *runtime; /* absolute; NULL if the flavour has none */
    const char **words;  /* what the compiler said when it failed */
    struct kept *kept;   /* NULL: it is not kept */
    struct error *error;
};

static bool newer(const struct stat *output, const char *input) {
    struct stat info;
    if (stat(input, &info) != 0)
        return false;
    return output->st_mtim.tv_sec > info.st_mtim.tv_sec ||
           (output->st_mtim.tv_sec == info.st_mtim.tv_sec &&
            output->st_mtim.tv_nsec > info.st_mtim.tv_nsec);
}

/* The headers that suite programs share lie in ../include. */
static bool newer_than_headers(void *owner, const struct stat *output, const char *source) {
    char *folder = talloc_strndup(owner, source, (size_t)(strrchr(source, '/') - source));
    char *pattern = talloc_asprintf(owner, "%s/../include/*.h", folder);
    glob_t headers;
    bool result = true;
    if (glob(pattern, 0, NULL, &headers) == 0) {
        for (size_t i = 0; i < headers.gl_pathc; i++)
            result = result && newer(output, headers.gl_pathv[i]);
        globfree(&headers);
    }
    return result;
}

static char *add_words(char *recipe, const char *const *words) {
    for (; words != NULL && *words != NULL; words++)
        recipe = never_null(talloc_asprintf_append_buffer(recipe, "%s\n", *words));
    return recipe;
}

/* Everything that decides what comes out, a word a line. */
static char *made_by_words(const struct build *build) {
    char *words = never_null(talloc_asprintf(build->owner, "%s\n", build->flavour->compiler));
    words = add_words(words, build->flavour->flags);
    words = add_words(words, build->flavour->link_flags);
    words = add_words(words, build->recipe->link);
    for (size_t i = 0; i < build->recipe->unit_count; i++) {
        const struct recipe_unit *unit = &build->recipe->units[i];
        words = never_null(talloc_asprintf_append_buffer(words, "%s\n", unit->source));
        words = add_words(words, unit->words);
    }
    return words;
}

static bool up_to_date(const struct build *build, const char *lock_path) {
    struct stat info;
    const struct recipe *recipe = build->recipe;
    if (stat(build->output, &info) != 0 || !newer(&info, "/proc/self/exe") ||
        (build->runtime != NULL && !newer(&info, build->runtime)))
        return false;
    for (size_t i = 0; i < recipe->unit_count; i++)
        if (!newer(&info, recipe->units[i].source) ||
            !newer_than_headers(build->owner, &info, recipe->units[i].source))
            return false;
    const char *made_by = file_read(build->owner, lock_path, NULL);
    return made_by != NULL && strcmp(made_by, made_by_words(build)) == 0;
}

/* ---- The compiler -------------------------------------------------------------------- */

static bool is_there(const char *command) {
    char *words = tool_ask(NULL, command, "--version");
    talloc_free(words);
    return words != NULL;
}

/* Runs it in that folder, to make `made`. 1: it does not, and nothing is made; -1: it could not be
 * run. */
static int run_compiler(const struct build *build, const struct cc_line *line, const char *folder,
                        const char *made, struct run_outcome *outcome) {
    struct run_spec spec = {.argv = line->words,
                            .surroundings.folder = folder,
                            .limits = run_default_limits,
                            .asks_others = true}; /* ccache, distcc */
    spec.limits.seconds = COMPILER_SECONDS;
    if (run_program(build->owner, &spec, outcome, build->error) != 0)
        return is_there(line->words[0]) ? -1
                                        : fail(build->error, "%s is missing: apt-get install %s",
                                               line->words[0], build->flavour->package);
    if (outcome->end == RUN_EXITED && outcome->status == 0)
        return 0;
    unlink(made);
    return 1;
}

/* The user's source is wrong: "does not compile", or "link". */
static int complain(const struct build *build, const char *source, const char *verb,
                    const struct run_outcome *outcome) {
    *build->words = outcome->errors;
    return fail(build->error, "%s does not %s with %s (%s)", source, verb, build->flavour->compiler,
                run_describe(build->owner, outcome));
}

/* What it makes for the time of the build: the objects, and what they were made of. */
static const char *part_name(const struct build *build, const char *made, size_t index,
                             const char *ending) {
    return never_null(talloc_asprintf(build->owner, "%s.%zu.%s", made, index, ending));
}

/* <hazard.h>, unless the program has one of its own. */
static void add_include_folder(const struct build *build, struct cc_line *line) {
    struct error error;
    const char *folder = root_include_folder(build->owner, &error);
    if (folder != NULL)
        cc_line_add_all(line, (const char *const[]){"-idirafter", folder, NULL});
}

static int compile_source(const struct build *build, const char *made, size_t index) {
    const struct recipe_unit *unit = &build->recipe->units[index];
    const char *object = part_name(build, made, index, "o"),
               *makefile = part_name(build, made, index, "d");
    struct cc_line line = {.owner = build->owner};
    struct run_outcome outcome;
    cc_line_add(&line, build->flavour->compiler);
    cc_line_add_all(&line, build->flavour->flags);
    cc_line_add_all(&line, unit->words);
    add_include_folder(build, &line);
    if (build->kept != NULL)
        cc_line_add_all(&line, (const char *const[]){"-MD", "-MF", makefile, NULL});
    cc_line_add_all(&line, (const char *const[]){"-c", unit->source, "-o", object, NULL});
    int result = run_compiler(build, &line, unit->folder, object, &outcome);
    if (result == 0 && build->kept != NULL)
        kept_made_of_sources(build->kept, makefile, made, unit->folder);
    return result > 0 ? complain(build, unit->source, "compile", &outcome) : result;
}

/* The objects, with the runtime or what the flags bring; `makefile`: NULL, or for the linker to
 * say what it has read. */
static int run_linker(const struct build *build, const char *made, const char *makefile,
                      struct run_outcome *outcome) {
    struct cc_line line = {.owner = build->owner};
    cc_line_add(&line, build->flavour->compiler);
    if (build->runtime == NULL)
        cc_line_add_all(&line, build->flavour->flags);
    for (size_t i = 0; i < build->recipe->unit_count; i++)
        cc_line_add(&line, part_name(build, made, i, "o"));
    if (build->runtime != NULL)
        cc_line_add(&line, build->runtime);
    cc_line_add_all(&line, build->recipe->link);
    cc_line_add_all(&line, build->flavour->link_flags);
    if (makefile != NULL)
        cc_line_add(
            &line, never_null(talloc_asprintf(build->owner, "-Wl,--dependency-file=%s", makefile)));
    cc_line_add_all(&line, (const char *const[]){"-o", made, NULL});
    return run_compiler(build, &line, build->recipe->folder, made, outcome);
}

/* Not every linker can say what it has read: then nothing is kept. */
static int link_all(struct build *build, const char *made) {
    const char *makefile = part_name(build, made, build->recipe->unit_count, "d");
    struct run_outcome outcome;
    int result = 1;
    if (build->kept != NULL)
        result = run_linker(build, made, makefile, &outcome);
    if (result == 0)
        kept_made_of_objects(build->kept, makefile, made, build->recipe->folder);
    else
        build->kept = NULL;
    if (result > 0)
        result = run_linker(build, made, NULL, &outcome);
    return result > 0 ? complain(build, build->recipe->units[0].source, "link", &outcome) : result;
}

/* Each source by itself, then all of them; where explore's runtime is linked, all must have hooks.
 */
static int compile_and_link(struct build *build, const char *made) {
    int result = 0;
    if (build->runtime != NULL &&
        cc_hooks_check_link(build->recipe->link, build->recipe->folder, build->error) != 0) {
        *build->words = "";
        result = -1;
    }
    for (size_t i = 0; result == 0 && i < build->recipe->unit_count; i++)
        result = compile_source(build, made, i);
    if (result == 0)
        result = link_all(build, made);
    for (size_t i = 0; i <= build->recipe->unit_count; i++) {
        unlink(part_name(build, made, i, "o"));
        unlink(part_name(build, made, i, "d"));
    }
    return result;
}

/* From what is kept, if it is there. */
static int make_program(struct build *build, const char *made) {
    if (build->kept != NULL && kept_take(build->kept, made))
        return 0;
    int result = compile_and_link(build, made);
    if (result == 0 && build->kept != NULL)
        kept_put(build->kept, made);
    return result;
}

/*
 * A linker makes its output executable by chmod(2), which a sandbox may refuse (sandbox.h), and goes on. A file may be
 * executable from the start.
 */
static int make_executable(const struct build *build, const char *made) {
    struct error error;
    if (access(made, X_OK) == 0)
        return 0;
    char *bytes = file_read(build->owner, made, &error);
    size_t size = bytes != NULL ? talloc_get_size(bytes) - 1 : 0;
    unlink(made);
    int fd = bytes != NULL ? open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777) : -1;
    bool written = fd >= 0 && write(fd, bytes, size) == (ssize_t)size;
    if (fd >= 0)
        close(fd);
    talloc_free(bytes);
    return written ? 0 : fail(build->error, "cannot make %s executable", build->output);
}

/* Made beside the output and renamed; the recipe is written when all is well. */
static int make(struct build *build, int lock) {
    const char *made = never_null(talloc_asprintf(build->owner, "%s.new", build->output));
    const char *made_by = made_by_words(build);
    size_t length = strlen(made_by);
    if (ftruncate(lock, 0) != 0)
        return fail(build->error, "cannot write %s.lock: %s", build->output, strerror(errno));
    if (make_program(build, made) != 0 || make_executable(build, made) != 0)
        return -1;
    if (rename(made, build->output) == 0 && pwrite(lock, made_by, length, 0) == (ssize_t)length)
        return 0;
    int code = errno;
    unlink(made);
    return fail(build->error, "cannot write %s: %s", build->output, strerror(code));
}

/* The folder, and in it the lock; -1 and the error. */
static int open_lock(const struct build *build, const char *lock_path) {
    const char *output = build->output;
    char *folder = talloc_strndup(build->owner, output, (size_t)(strrchr(output, '/') - output));
    if (folder_make(folder, build->error) != 0)
        return -1;
    int lock = open(lock_path, O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    if (lock < 0)
        return fail(build->error, "cannot write in %s: %s", folder, strerror(errno));
    while (flock(lock, LOCK_EX) != 0 && errno == EINTR && !run_interrupted())
        ;
    return lock;
}

static int build_output(struct build *build) {
    const struct flavour *flavour = build->flavour;
    *build->words = NULL;
    if (flavour->runtime != NULL &&
        (build->runtime = root_data(build->owner, flavour->runtime, build->error)) == NULL)
        return -1;
    char *lock_path = talloc_asprintf(build->owner, "%s.lock", build->output);
    int lock = open_lock(build, lock_path);
    if (lock < 0)
        return -1;
    int result = up_to_date(build, lock_path) ? 0 : make(build, lock);
    close(lock);
    return result;
}

static int build_with(struct kept *kept, void *owner, const struct flavour *flavour,
                      const struct recipe *recipe, const char *output, const char **words,
                      struct error *error) {
    struct build build = {.owner = owner,
                          .flavour = flavour,
                          .recipe = recipe,
                          .output = output,
                          .words = words,
                          .kept = kept,
                          .error = error};
    return build_output(&build);
}

int build_program(void *owner, const struct flavour *flavour, const struct recipe *recipe,
                  const char *output, const char **words, struct error *error) {
    return build_with(NULL, owner, flavour, recipe, output, words, error);
}

int build_kept_program(void *owner, const struct flavour *flavour, const struct recipe *recipe,
                       const char *output, const char **words, struct error *error) {
    struct kept *kept;
    *words = NULL;
    return kept_open(owner, flavour, recipe, &kept, error) == 0
               ? build_with(kept, owner, flavour, recipe, output, words, error)
               : -1;
}
