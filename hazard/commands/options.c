/* SPDX-License-Identifier: MIT */
#include "hazard/commands/options.h"
#include "hazard/render/render.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/root.h"

enum {
    OPTION_JSON = 256,
    OPTION_JUNIT,
    OPTION_SARIF,
    OPTION_TIME,
    OPTION_MEMORY,
    OPTION_OUTPUT,
    OPTION_SERVER
};

static const struct argp_option argp_options[] = {
    {"with", 'w', "LIST", 0, "Detectors, separated by commas (default: all that apply)", 1},
    {"runs", 'n', "N", 0,
     "Run each program N times under each detector (default: 3 under TSan, 2 under Valgrind)", 1},
    {"jobs", 'j', "N", 0, "So many programs at once (default: one per processor)", 1},
    {"server", OPTION_SERVER, NULL, 0,
     "Your program listens: clients talk to it, SIGTERM ends it, probe applies", 1},
    {"time-limit", OPTION_TIME, "SECONDS", 0, "End a run after so long (default 10)", 2},
    {"memory-limit", OPTION_MEMORY, "MIB", 0, "End a run that takes more (default 2048)", 2},
    {"output-limit", OPTION_OUTPUT, "KIB", 0, "End a run that prints more (default 1024)", 2},
    {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 3},
    {"junit", OPTION_JUNIT, "FILE", 0, "Write a JUnit XML report", 3},
    {"sarif", OPTION_SARIF, "FILE", 0, "Write a SARIF 2.1.0 report", 3},
    {0},
};

double option_number(const struct argp_state *state, const char *option, const char *text,
                     double min, double max) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= min && value <= max))
        argp_error(state, "--%s takes a number from %g to %g, not '%s'", option, min, max, text);
    return value;
}

static int option_count(const struct argp_state *state, const char *option, const char *text,
                        int max) {
    double value = option_number(state, option, text, 1, max);
    if (value != (int)value)
        argp_error(state, "--%s takes a whole number, not '%s'", option, text);
    return (int)value;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct common_options *options = state->input;
    switch (key) {
    case 'w':
        options->with = argument;
        return 0;
    case 'n':
        options->runs = option_count(state, "runs", argument, 1000);
        return 0;
    case 'j':
        options->parallel = option_count(state, "jobs", argument, 256);
        return 0;
    case OPTION_TIME:
        options->limits.seconds = option_number(state, "time-limit", argument, 0.1, 3600);
        return 0;
    case OPTION_MEMORY:
        options->limits.memory_bytes =
            (size_t)option_number(state, "memory-limit", argument, 1, 1 << 20) << 20;
        return 0;
    case OPTION_OUTPUT:
        options->limits.output_bytes =
            (size_t)option_number(state, "output-limit", argument, 1, 1 << 17) << 10;
        return 0;
    case OPTION_SERVER:
        options->server = true;
        return 0;
    case OPTION_JSON:
        options->json = true;
        return 0;
    case OPTION_JUNIT:
        options->junit = argument;
        return 0;
    case OPTION_SARIF:
        options->sarif = argument;
        return 0;
    case ARGP_KEY_ARG:
        options->words =
            grow_array(options->owner, options->words, const char *, options->word_count + 1);
        options->words[options->word_count++] = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp common_argp = {.options = argp_options, .parser = parse};

void common_options_init(struct common_options *options, void *owner) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *options = (struct common_options){.owner = owner,
                                       .limits = run_default_limits,
                                       .parallel = processors > 0 ? (int)processors : 1};
}

int common_options_split(struct common_options *options, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--") != 0)
            continue;
        const char **args = new_array(options->owner, const char *, argc - i);
        for (int j = i + 1; j < argc; j++)
            args[j - i - 1] = argv[j];
        options->args = args;
        argv[i] = NULL;
        return i;
    }
    return argc;
}

static const char *current_folder(void *owner) {
    char *folder = getcwd(NULL, 0);
    const char *copy = talloc_strdup(owner, folder != NULL ? folder : "/");
    free(folder);
    return copy;
}

/* The catalogue, if the words speak of it; *root is then its root, else where we stand. -1 and
 * *error. */
static int load_catalog(const struct common_options *options, const struct catalog **catalog,
                        const char **root, struct error *error) {
    *catalog = NULL;
    *root = current_folder(options->owner);
    if (!targets_in_suite(options->words, options->word_count))
        return 0;
    *root = root_find(options->owner, error);
    *catalog = *root != NULL ? catalog_load(options->owner, *root, error) : NULL;
    return *catalog != NULL ? 0 : -1;
}

int common_targets(const struct common_options *options, struct named *named, struct error *error) {
    const struct catalog *catalog;
    *named = (struct named){0};
    if (load_catalog(options, &catalog, &named->root, error) != 0 ||
        targets_resolve(options->owner, catalog, options->words, options->word_count, options->args,
                        &named->targets, error) != 0)
        return -1;
    if (catalog != NULL)
        named->build_folder = root_build_folder(options->owner, catalog->root, error);
    return catalog == NULL || named->build_folder != NULL ? 0 : -1;
}

/* Before minutes of work, not after: can the report be written where it is to go? */
static int check_writable(void *owner, const char *path, struct error *error) {
    if (path == NULL)
        return 0;
    const char *slash = strrchr(path, '/');
    const char *folder =
        slash == NULL ? "." : talloc_strndup(owner, path, (size_t)(slash - path + 1));
    if (access(folder, W_OK | X_OK) != 0)
        return fail(error, "cannot write %s: %s", path, strerror(errno));
    return 0;
}

static int run(const struct common_options *options, struct suite_report *report,
               const char **words, struct error *error) {
    struct named named;
    struct suite_options suite = {.runs = options->runs,
                                  .parallel = options->parallel,
                                  .limits = options->limits,
                                  .progress = isatty(STDERR_FILENO) != 0};
    if (check_writable(options->owner, options->junit, error) != 0 ||
        check_writable(options->owner, options->sarif, error) != 0)
        return -1;
    suite.detectors = suite_detectors(options->owner, options->with, error);
    if (suite.detectors == NULL || common_targets(options, &named, error) != 0)
        return -1;
    bool of_suite = named.build_folder != NULL;
    if (!of_suite && options->suite_only)
        return fail(error, "%s is not of the suite: `hazard check` takes your own programs",
                    named.targets.items[0].name);
    if (!of_suite)
        named.targets.items[0].server = options->server;
    suite.root = named.root;
    suite.build_folder = named.build_folder;
    return suite_run(options->owner, &named.targets, &suite, report, words, error);
}

int common_run(const struct common_options *options, struct suite_report *report) {
    struct error error;
    const char *words = NULL;
    run_catch_interrupts();
    if (run(options, report, &words, &error) != 0) {
        if (words != NULL)
            fputs(words, stderr);
        if (run_interrupted()) {
            fputs("hazard: interrupted: nothing was written, everything that was started has been "
                  "ended\n",
                  stderr);
            return EXIT_UNDECIDED;
        }
        fprintf(stderr, "hazard: %s\n", error.text);
        return EXIT_TROUBLE;
    }
    if ((options->junit != NULL && render_junit_file(options->junit, report, &error) != 0) ||
        (options->sarif != NULL && render_sarif_file(options->sarif, report, &error) != 0)) {
        fprintf(stderr, "hazard: %s\n", error.text);
        return EXIT_TROUBLE;
    }
    return EXIT_CLEAN;
}
