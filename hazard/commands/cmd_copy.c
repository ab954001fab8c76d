/* SPDX-License-Identifier: MIT */
/*
 * `hazard copy`: a program of the suite to work on, in a folder of its own. What it includes comes
 * with it, so that the copy compiles where it lies; how it is tried in the suite is printed.
 */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/memory.h"
#include "base/whole.h"
#include "explore/front/explore_detector.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/naming.h"
#include "hazard/shell_line.h"
#include "inject/report/inject_detector.h"

#define INCLUDE "../include/"

struct copy_command {
    struct naming naming; /* of one program */
    const char *folder;   /* NULL: one of the hazard's name, here */
};

/* A file of the copy. */
struct copied {
    const char *path;
    char *text;
    bool there; /* with just that text */
};

struct copying {
    void *owner;
    const char *folder;
    struct copied files[3]; /* the program first */
    size_t count;
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct copy_command *command = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (state->arg_num == 0)
            naming_add(&command->naming, argument);
        else if (state->arg_num == 1)
            command->folder = argument;
        else
            argp_error(state, "one hazard at a time, and one folder for it");
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which hazard? `hazard list` names them");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- What is copied -------------------------------------------------------------------------- */

/* Headers lie beside the copy. */
static void flatten_includes(char *text) {
    size_t length = strlen(INCLUDE);
    for (char *at = text; (at = strstr(at, "#include \"" INCLUDE)) != NULL;) {
        at += strlen("#include \"");
        memmove(at, at + length, strlen(at + length) + 1);
    }
}

static int add_file(struct copying *copying, const char *from, struct error *error) {
    char *text = file_read(copying->owner, from, error);
    if (text == NULL)
        return -1;
    flatten_includes(text);
    const char *path =
        never_null(talloc_asprintf(copying->owner, "%s%s", copying->folder, strrchr(from, '/')));
    copying->files[copying->count++] = (struct copied){.path = path, .text = text};
    return 0;
}

/* The header `name` and what it includes, if the program includes it. */
static int add_header(struct copying *copying, const char *root, const char *name,
                      struct error *error) {
    const char *line = talloc_asprintf(copying->owner, "#include \"%s\"", name);
    for (size_t i = 0; i < copying->count; i++)
        if (strstr(copying->files[i].text, line) != NULL)
            return add_file(copying, talloc_asprintf(copying->owner, "%s/include/%s", root, name),
                            error);
    return 0;
}

/* Work that lies there is not lost. The headers of another copy are no work. */
static int look_before(struct copied *file, bool is_header, struct error *error) {
    if (access(file->path, F_OK) != 0)
        return 0;
    char *text = file_read(NULL, file->path, error);
    file->there = is_header && text != NULL && strcmp(text, file->text) == 0;
    talloc_free(text);
    return file->there ? 0
                       : fail(error, "%s is there already: name another folder, or move it away",
                              file->path);
}

static int write_file(const struct copied *file, struct error *error) {
    if (file->there)
        return 0;
    int fd = open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool good = fd >= 0 && whole_write(fd, file->text, strlen(file->text));
    int code = errno;
    if (fd >= 0 && close(fd) != 0)
        good = false;
    return good ? 0 : fail(error, "cannot write %s: %s", file->path, strerror(code));
}

static int copy_files(struct copying *copying, const char *root, const struct target *target,
                      struct error *error) {
    if (add_file(copying, target->sources.paths[0], error) != 0 ||
        add_header(copying, root, "server.h", error) != 0 ||
        add_header(copying, root, "subject.h", error) != 0)
        return -1;
    for (size_t i = 0; i < copying->count; i++)
        if (look_before(&copying->files[i], i > 0, error) != 0)
            return -1;
    if (folder_make(copying->folder, error) != 0)
        return -1;
    for (size_t i = 0; i < copying->count; i++)
        if (write_file(&copying->files[i], error) != 0)
            return -1;
    return 0;
}

/* ---- What is said ---------------------------------------------------------------------------- */

/* Explore, where the catalogue says how; else inject; else what all programs can be given to. */
static const struct detector *detector_for(const struct program *program) {
    const struct expectation *explored = catalog_expectation(program, explore_detector.name);
    if (explored != NULL && explored->verdict != VERDICT_UNSUPPORTED)
        return &explore_detector;
    return catalog_expectation(program, inject_detector.name) != NULL ? &inject_detector : NULL;
}

static char *add_options(char *line, const struct program *program,
                         const struct detector *detector) {
    const char *const *pairs = catalog_program_options(program, detector->name);
    for (; pairs != NULL && *pairs != NULL; pairs += 2) {
        const struct detector_option *option = option_find(detector->options, pairs[0]);
        line = shell_line_add(line, option != NULL && option->argument == NULL
                                        ? talloc_asprintf(line, "--%s", pairs[0])
                                        : talloc_asprintf(line, "--%s=%s", pairs[0], pairs[1]));
    }
    return line;
}

/* As the suite tries it. */
static char *command_line(const struct copying *copying, const struct target *target) {
    const struct detector *detector = detector_for(target->program);
    const char *command = detector != NULL ? detector->name : target->server ? "probe" : "check";
    const char *const *args =
        catalog_program_args(target->hazard, target->program, detector != NULL ? command : "");
    char *line = never_null(talloc_asprintf(copying->owner, "hazard %s", command));
    if (detector != NULL)
        line = add_options(line, target->program, detector);
    line = shell_line_add(line, copying->files[0].path);
    for (const char *const *arg = args; *arg != NULL; arg++)
        line = shell_line_add(arg == args ? shell_line_add(line, "--") : line, *arg);
    return line;
}

static void print(const struct copying *copying, const struct target *target) {
    const char *source = copying->files[0].path;
    char *compile = never_null(talloc_strdup(copying->owner, "cc -pthread"));
    compile = shell_line_add(compile, source);
    compile = shell_line_add(compile, "-o");
    compile = shell_line_add(compile, talloc_strndup(copying->owner, source, strlen(source) - 2));
    for (size_t i = 0; i < copying->count; i++)
        puts(copying->files[i].path);
    printf("\nabout it:   hazard show %s\n", target->hazard->name);
    printf("compile it: %s\n", compile);
    printf("try it:     %s\n", command_line(copying, target));
}

static int copy(const struct copy_command *command, struct error *error) {
    struct named named;
    if (naming_resolve(&command->naming, &named, error) != 0)
        return -1;
    const struct target *target = &named.targets.items[0]; /* of a hazard the buggy one */
    if (target->program == NULL)
        return fail(error, "%s is not of the suite: `hazard list` names what is", target->name);
    struct copying copying = {.owner = command->naming.owner,
                              .folder =
                                  command->folder != NULL ? command->folder : target->hazard->name};
    if (copy_files(&copying, named.root, target, error) != 0)
        return -1;
    print(&copying, target);
    return 0;
}

int cmd_copy(int argc, char **argv) {
    static const struct argp argp = {
        .parser = parse,
        .args_doc = "NAME | FILE.c [DIR]",
        .doc = "Copies a program of the suite, to be worked on.\v"
               "NAME is a hazard, and stands for its buggy program; FILE.c is any file of the "
               "suite. The copy, with the headers that it includes, goes into DIR (default: a new "
               "folder NAME, here), and nothing that lies there is overwritten. Printed is how it "
               "is compiled, and how it is tried in the suite: with the same arguments and "
               "options.\n\n"
               "Exit status: 0, or 2 if it cannot be copied.",
    };
    struct copy_command command = {.naming = {.owner = new_owner(), .command = "copy"}};
    struct error error;
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    int result = copy(&command, &error);
    if (result != 0)
        fprintf(stderr, "hazard: %s\n", error.text);
    talloc_free(command.naming.owner);
    return result == 0 ? EXIT_CLEAN : EXIT_TROUBLE;
}
