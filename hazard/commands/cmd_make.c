/* SPDX-License-Identifier: MIT */
/*
 * `hazard make`: make, or another tool that builds, runs as it always does, but finds `hazard cc`
 * where it looks for a compiler. Each of those notes in a file what it did, which is told at the
 * end.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/memory.h"
#include "hazard/cc/cc_line.h"
#include "hazard/cc/cc_tools.h"
#include "hazard/commands/commands.h"
#include "hazard/root.h"
#include "hazard/shell_line.h"

static void print_help(void) {
    puts("Usage: hazard make [ARG...]\n"
         "       hazard make cmake|ninja|meson ARG...\n"
         "       hazard make -- COMMAND ARG...\n"
         "Runs make, or another tool that builds, with `hazard cc' in the place of cc, gcc\n"
         "and clang. Then `hazard check ./PROGRAM' builds the program again for each\n"
         "detector, from what stands in it, and `hazard explore ./PROGRAM' tries its\n"
         "schedules:\n\n"
         "  hazard make && hazard check ./program\n"
         "  hazard make cmake -B build-hazard && hazard make cmake --build build-hazard\n\n"
         "All words are the tool's. A rule that names a compiler by its whole path is not\n"
         "reached, nor is what cmake has configured without `hazard make'. C++ compilers\n"
         "are left alone.\n"
         "Exit status: the tool's, or 2 when hazard itself failed.");
}

/* ---- What is run ----------------------------------------------------------------------------- */

static bool is_tool(const char *word) {
    static const char *const all[] = {"cmake", "ninja", "meson", "samu", "gmake"};
    for (size_t i = 0; word != NULL && i < sizeof all / sizeof *all; i++)
        if (strcmp(word, all[i]) == 0)
            return true;
    return false;
}

static struct cc_line line_of(void *owner, char **words) {
    struct cc_line line = {.owner = owner};
    if (*words != NULL && strcmp(*words, "--") == 0 && words[1] != NULL)
        words++;
    else if (!is_tool(*words))
        cc_line_add(&line, "make");
    for (; *words != NULL; words++)
        cc_line_add(&line, *words);
    return line;
}

/* A compiler that is named by its path in $CC is called by its name. */
static void take_name(const char *variable) {
    const char *value = getenv(variable), *slash = value != NULL ? strrchr(value, '/') : NULL;
    if (slash != NULL && cc_tool_of(value) != CC_NO_TOOL)
        setenv(variable, never_null(talloc_strdup(NULL, slash + 1)), 1);
}

static int set_up(void *owner, const char *notes, struct error *error) {
    const char *folder = cc_tools_folder(owner, error), *path = getenv("PATH");
    FILE *file = folder != NULL ? fopen(notes, "we") : NULL;
    if (folder == NULL)
        return -1;
    if (file == NULL || fclose(file) != 0)
        return fail(error, "cannot write %s: %s", notes, strerror(errno));
    setenv("PATH", talloc_asprintf(owner, "%s:%s", folder, path != NULL ? path : "/usr/bin:/bin"),
           1);
    setenv(CC_TOOLS_NOTES, notes, 1);
    take_name("CC");
    return 0;
}

/* An interrupt from the terminal is the tool's, and we wait until it has obeyed. */
static int run(const struct cc_line *line, struct error *error) {
    extern char **environ;
    posix_spawnattr_t attributes;
    sigset_t ours;
    pid_t pid;
    int status = 0;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGQUIT);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &ours);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    int code = posix_spawnp(&pid, line->words[0], NULL, &attributes,
                            (char **)(uintptr_t)line->words, environ);
    posix_spawnattr_destroy(&attributes);
    if (code != 0)
        return fail(error, "cannot run %s: %s", line->words[0], strerror(code));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- What it came to ------------------------------------------------------------------------- */

struct make_notes {
    size_t compiled, built, plain, cxx, shared;
    const char *program; /* the last that was built */
};

static struct make_notes read_notes(void *owner, const char *file) {
    struct make_notes notes = {0};
    struct error error;
    char *rest = file_read(owner, file, &error);
    for (char *line; rest != NULL && (line = strsep(&rest, "\n")) != NULL && *line != '\0';) {
        char *about = line;
        const char *what = strsep(&about, " ");
        notes.compiled += strcmp(what, "compiled") == 0;
        notes.plain += strcmp(what, "plain") == 0;
        notes.cxx += strcmp(what, "c++") == 0;
        notes.shared += strcmp(what, "shared") == 0;
        if (strcmp(what, "built") == 0 && about != NULL) {
            notes.built++;
            notes.program = about;
        }
    }
    return notes;
}

/* As it is called from here. */
static const char *from_here(void *owner, const char *path) {
    char *here = getcwd(NULL, 0);
    size_t length = here != NULL ? strlen(here) : 0;
    bool below = length > 0 && strncmp(path, here, length) == 0 && path[length] == '/';
    free(here);
    return below ? never_null(talloc_asprintf(owner, ".%s", path + length)) : path;
}

static void say_built(void *owner, const struct make_notes *notes) {
    char *line =
        shell_line_add(never_null(talloc_strdup(owner, "")), from_here(owner, notes->program));
    if (notes->built == 1)
        fprintf(stderr, "hazard make: built%s: hazard check%s\n", line, line);
    else
        fprintf(stderr, "hazard make: built %zu programs, the last is%s: hazard check%s\n",
                notes->built, line, line);
}

/* Does it build anything? `make clean' does not, nor does cmake when it configures. */
static bool builds(const struct cc_line *line) {
    bool cmake = strcmp(line->words[0], "cmake") == 0, meson = strcmp(line->words[0], "meson") == 0;
    bool all = !cmake && !meson;
    for (size_t i = 1; i < line->count; i++) {
        if (strstr(line->words[i], "clean") != NULL || strcmp(line->words[i], "-n") == 0 ||
            strcmp(line->words[i], "--version") == 0 || strcmp(line->words[i], "install") == 0)
            return false;
        all = all || strcmp(line->words[i], cmake ? "--build" : "compile") == 0;
    }
    return all;
}

static void tell(void *owner, const char *file, bool failed, bool asked) {
    struct make_notes notes = read_notes(owner, file);
    if (notes.cxx > 0)
        fprintf(stderr, "hazard make: a C++ compiler was called and left alone: explore takes C\n");
    if (notes.shared > 0)
        fprintf(stderr, "hazard make: shared libraries are parts of the programs that are linked "
                        "with them: dlopen does not find them\n");
    if (notes.plain > 0)
        fprintf(stderr, "hazard make: objects of an earlier build are in the way: `hazard make "
                        "clean', then again\n");
    else if (notes.built > 0 && !failed)
        say_built(owner, &notes);
    else if (notes.compiled == 0 && notes.cxx == 0 && !failed && asked)
        fprintf(stderr, "hazard make: no C file was compiled: all is up to date (`make clean' "
                        "first?), or a compiler is named by its whole path (cmake: configure "
                        "anew, with `hazard make cmake -B FOLDER')\n");
}

int cmd_make(int argc, char **argv) {
    void *owner = new_owner();
    struct error error;
    int status = -1;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        print_help();
        talloc_free(owner);
        return EXIT_CLEAN;
    }
    const char *scratch = root_scratch(owner, &error);
    if (scratch != NULL) {
        const char *notes = never_null(talloc_asprintf(owner, "%s/notes", scratch));
        struct cc_line line = line_of(owner, argv + 1);
        status = set_up(owner, notes, &error) == 0 ? run(&line, &error) : -1;
        if (status >= 0)
            tell(owner, notes, status != 0, builds(&line));
        folder_remove(scratch);
    }
    if (status < 0)
        fprintf(stderr, "hazard make: %s\n", error.text);
    talloc_free(owner);
    return status < 0 ? EXIT_TROUBLE : status;
}
