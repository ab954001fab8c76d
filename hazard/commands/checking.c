/* SPDX-License-Identifier: MIT */
#include "hazard/commands/checking.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/number.h"
#include "hazard/render/render_junit.h"
#include "hazard/render/render_sarif.h"
#include "hazard/suite/suite.h"

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
    {"jobs", 'j', "N", 0, "Run N programs at a time (default: one per processor)", 1},
    {"server", OPTION_SERVER, NULL, 0,
     "Your program listens: clients talk to it, SIGTERM ends it, probe applies", 1},
    {"time-limit", OPTION_TIME, "SECONDS", 0, "End a run after SECONDS (default 10)", 2},
    {"memory-limit", OPTION_MEMORY, "MIB", 0, "End a run whose memory exceeds MIB (default 2048)",
     2},
    {"output-limit", OPTION_OUTPUT, "KIB", 0, "End a run that prints more than KIB (default 1024)",
     2},
    {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 3},
    {"junit", OPTION_JUNIT, "FILE", 0, "Write a JUnit XML report", 3},
    {"sarif", OPTION_SARIF, "FILE", 0, "Write a SARIF 2.1.0 report", 3},
    {0},
};

void checking_serve(struct checking *checking) {
    checking->server = true;
    checking->jobs = 1; /* its port may be fixed; a -j that follows knows better */
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct checking *checking = state->input;
    switch (key) {
    case 'w':
        checking->with = argument;
        return 0;
    case 'n':
        checking->runs = number_count(state, "runs", argument, 1000);
        return 0;
    case 'j':
        checking->jobs = number_count(state, "jobs", argument, 256);
        return 0;
    case OPTION_TIME:
        checking->limits.seconds = number_from(state, "time-limit", argument, 0.1, 3600);
        return 0;
    case OPTION_MEMORY:
        checking->limits.memory_bytes =
            (size_t)number_from(state, "memory-limit", argument, 1, 1 << 20) << 20;
        return 0;
    case OPTION_OUTPUT:
        checking->limits.output_bytes =
            (size_t)number_from(state, "output-limit", argument, 1, 1 << 17) << 10;
        return 0;
    case OPTION_SERVER:
        checking_serve(checking);
        return 0;
    case OPTION_JSON:
        checking->json = true;
        return 0;
    case OPTION_JUNIT:
        checking->junit = argument;
        return 0;
    case OPTION_SARIF:
        checking->sarif = argument;
        return 0;
    case ARGP_KEY_ARG:
        naming_add(&checking->naming, argument);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp checking_argp = {.options = argp_options, .parser = parse};

struct checking checking_new(void *owner, const char *command) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return (struct checking){.naming = {.owner = owner, .command = command},
                             .limits = run_default_limits,
                             .jobs = processors > 0 ? (int)processors : 1};
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

static int run(const struct checking *checking, struct suite_report *report, struct error *error) {
    struct named named;
    struct suite_options suite = {.runs = checking->runs,
                                  .parallel = checking->jobs,
                                  .limits = checking->limits,
                                  .progress = isatty(STDERR_FILENO) != 0};
    if (check_writable(checking->naming.owner, checking->junit, error) != 0 ||
        check_writable(checking->naming.owner, checking->sarif, error) != 0)
        return -1;
    suite.detectors = suite_detectors(checking->naming.owner, checking->with, error);
    if (suite.detectors == NULL || naming_resolve(&checking->naming, &named, error) != 0)
        return -1;
    bool of_suite = named.build_folder != NULL;
    const char *const *compiler = cc_line_words(&checking->naming.compiler);
    if (of_suite && *compiler != NULL)
        return fail(error, "%s: the suite's programs are built as the catalogue was written for",
                    *compiler);
    if (!of_suite && checking->suite_only)
        return fail(error, "%s is not of the suite: `hazard check` takes your own programs",
                    named.targets.items[0].name);
    bool suppressed =
        checking->suppressions.tsan != NULL || checking->suppressions.valgrind != NULL;
    if (of_suite && suppressed)
        return fail(error, "--suppressions is for programs of yours: what is expected of the "
                           "suite's is in the catalogue");
    if (of_suite && checking->told != NULL)
        return fail(error,
                    "--%s is for programs of yours: the catalogue says what is tried on the "
                    "suite's",
                    checking->told[0]);
    if (!of_suite) {
        named.targets.items[0].server = checking->server;
        named.targets.items[0].suppressions = checking->suppressions;
        named.targets.items[0].told = checking->told;
    }
    suite.root = named.root;
    suite.build_folder = named.build_folder;
    return suite_run(checking->naming.owner, &named.targets, &suite, report, error);
}

int checking_run(const struct checking *checking, struct suite_report *report) {
    struct error error;
    *report = (struct suite_report){0};
    run_catch_interrupts();
    if (run(checking, report, &error) != 0) {
        if (report->words != NULL)
            fputs(report->words, stderr);
        if (run_interrupted()) {
            fputs("hazard: interrupted: nothing was written, everything that was started has been "
                  "ended\n",
                  stderr);
            return EXIT_UNDECIDED;
        }
        fprintf(stderr, "hazard: %s\n", error.text);
        return EXIT_TROUBLE;
    }
    if ((checking->junit != NULL && render_junit_file(checking->junit, report, &error) != 0) ||
        (checking->sarif != NULL && render_sarif_file(checking->sarif, report, &error) != 0)) {
        fprintf(stderr, "hazard: %s\n", error.text);
        return EXIT_TROUBLE;
    }
    return EXIT_CLEAN;
}
