/* SPDX-License-Identifier: MIT */
#include "hazard/commands/surrounding_options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "explore/shared.h"
#include "hazard/commands/commands.h"
#include "hazard/shell_line.h"

enum { OPTION_INPUT = 256, OPTION_VARIABLE, OPTION_FOLDER };

static const struct argp_option argp_options[] = {
    {"stdin", OPTION_INPUT, "FILE", 0,
     "What the program reads on its standard input (default: nothing)", 6},
    {"env", OPTION_VARIABLE, "NAME=VALUE", 0, "Set in its environment; may be repeated", 6},
    {"cwd", OPTION_FOLDER, "DIR", 0, "The folder that it runs in (default: this one)", 6},
    {0},
};

static const char *absolute(void *owner, const char *path, const struct argp_state *state) {
    char *resolved = realpath(path, NULL);
    if (resolved == NULL)
        argp_failure(state, EXIT_TROUBLE, errno, "cannot read %s", path);
    const char *copy = never_null(talloc_strdup(owner, resolved != NULL ? resolved : path));
    free(resolved);
    return copy;
}

/* It is read from its start again and again: a pipe or a terminal has no start to go back to. */
static void take_input(struct surrounding_options *options, const char *path,
                       const struct argp_state *state) {
    struct stat info;
    options->input = path;
    options->surroundings.input = absolute(options->owner, path, state);
    if (access(path, R_OK) != 0 || stat(path, &info) != 0)
        argp_failure(state, EXIT_TROUBLE, errno, "cannot read %s", path);
    else if (!S_ISREG(info.st_mode) && strcmp(options->surroundings.input, "/dev/null") != 0)
        argp_failure(state, EXIT_TROUBLE, 0,
                     "%s is no ordinary file, and the input is read more than once: keep it in one",
                     path);
}

static void take_folder(struct surrounding_options *options, const char *path,
                        const struct argp_state *state) {
    struct stat info;
    options->folder = path;
    options->surroundings.folder = absolute(options->owner, path, state);
    if (stat(path, &info) == 0 && !S_ISDIR(info.st_mode))
        argp_failure(state, EXIT_TROUBLE, ENOTDIR, "cannot run in %s", path);
    else if (access(path, X_OK) != 0)
        argp_failure(state, EXIT_TROUBLE, errno, "cannot run in %s", path);
}

/* The runtime finds what it needs by a variable, too. */
static void take_variable(struct surrounding_options *options, const char *variable,
                          const struct argp_state *state) {
    int length = surroundings_name_length(variable);
    if (length == 0 || variable[length] == '\0')
        argp_failure(state, EXIT_TROUBLE, 0, "--env takes NAME=VALUE, not '%s'", variable);
    if (strncmp(variable, SHARED_VARIABLE "=", sizeof SHARED_VARIABLE) == 0)
        argp_failure(state, EXIT_TROUBLE, 0, "%s is hazard's own", SHARED_VARIABLE);
    size_t count = 0;
    while (options->environment != NULL && options->environment[count] != NULL)
        count++;
    options->environment =
        grow_array(options->owner, options->environment, const char *, count + 2);
    options->environment[count] = variable;
    options->environment[count + 1] = NULL;
    options->surroundings.environment = options->environment;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct surrounding_options *options = state->input;
    switch (key) {
    case OPTION_INPUT:
        take_input(options, argument, state);
        return 0;
    case OPTION_VARIABLE:
        take_variable(options, argument, state);
        return 0;
    case OPTION_FOLDER:
        take_folder(options, argument, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp surrounding_options_argp = {.options = argp_options, .parser = parse};

static char *add(char *line, const char *name, const char *value) {
    return value == NULL
               ? line
               : shell_line_add(line, never_null(talloc_asprintf(line, "--%s=%s", name, value)));
}

char *surrounding_options_repeat(char *line, const struct surrounding_options *options) {
    line = add(line, "stdin", options->input);
    for (const char **one = options->environment; one != NULL && *one != NULL; one++)
        line = add(line, "env", *one);
    return add(line, "cwd", options->folder);
}
