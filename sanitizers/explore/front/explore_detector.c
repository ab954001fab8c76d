/* SPDX-License-Identifier: MIT */
/*
 * explore as a detector beside the others: one run is one exploration.
 *
 * The program's own end is that of its executions, which the runtime judges, so what is told of the
 * process (which belongs to the search) is only that it ended.
 */
#include "explore/front/explore_detector.h"

#include <string.h>

#include "base/memory.h"
#include "base/tool.h"
#include "explore/front/assumptions.h"
#include "explore/front/explore.h"

/* -O0: what is written is what runs; an optimiser may merge the very accesses that race. Volatile
 * accesses are accesses like others: volatile orders nothing between threads. No built-in
 * functions:
 * the stores that a compiler makes of strcpy(to, "constant") have no hooks, a call is watched. */
static const char *const gcc_flags[] = {"-std=gnu17",
                                        "-g",
                                        "-O0",
                                        "-pthread",
                                        "-fno-omit-frame-pointer",
                                        "-fno-builtin",
                                        "-D__HAZARD__",
                                        "-fsanitize=thread",
                                        "--param=tsan-distinguish-volatile=0",
                                        NULL};
static const char *const clang_flags[] = {"-std=gnu17",
                                          "-g",
                                          "-O0",
                                          "-pthread",
                                          "-fno-omit-frame-pointer",
                                          "-fno-builtin",
                                          "-D__HAZARD__",
                                          "-fsanitize=thread",
                                          "-grecord-command-line",
                                          NULL};

/* No -fsanitize here, which would bring the compiler's own runtime. -z now: no symbol is looked up
 * while a schedule runs. */
static const char *const link_flags[] = {"-pthread", "-Wl,-z,now", NULL};

const struct flavour flavour_explore = {.name = "explore",
                                        .compiler = "gcc",
                                        .package = "gcc",
                                        .flags = gcc_flags,
                                        .runtime = "explore/runtime.o",
                                        .link_flags = link_flags};

const struct flavour flavour_explore_clang = {.name = "explore-clang",
                                              .compiler = "clang",
                                              .package = "clang",
                                              .flags = clang_flags,
                                              .runtime = "explore/runtime.o",
                                              .link_flags = link_flags};

const struct flavour *explore_flavour(const char *compiler, struct error *error) {
    if (strcmp(compiler, "gcc") == 0)
        return &flavour_explore;
    if (strcmp(compiler, "clang") == 0)
        return &flavour_explore_clang;
    fail(error, "--compiler takes gcc or clang, not '%s'", compiler);
    return NULL;
}

/* A program of the suite is sized to be explored in a few seconds. On a machine with much else to do
 * it gets more, so that load does not turn `proved` into `bounded`. */
#define SUITE_SECONDS 1200

static int read_options(const struct subject *subject, const struct run_limits *limits,
                        struct explore_options *options, struct error *error) {
    *options = explore_default_options;
    options->seconds = limits->seconds;
    if (subject->options != NULL && options->seconds < SUITE_SECONDS)
        options->seconds = SUITE_SECONDS;
    if (subject->options != NULL)
        options->severities = severity_strict;
    if (limits->memory_bytes > options->memory_bytes)
        options->memory_bytes = limits->memory_bytes;
    return option_set_pairs(explore_options_table, options, subject->options, error);
}

static int run(void *owner, const struct subject *subject, const struct run_limits *limits,
               const char *scratch, struct run_report *report, struct error *error) {
    (void)scratch;
    struct explore_options options;
    struct explore_outcome outcome;
    report->unsupported = explore_objection(owner, subject);
    if (report->unsupported != NULL)
        return 0;
    if (read_options(subject, limits, &options, error) != 0 ||
        explore_run(owner, subject, &options, NULL, NULL, &outcome, error) != 0)
        return -1;
    report->outcome =
        (struct run_outcome){.end = outcome.interrupted ? RUN_INTERRUPTED : RUN_EXITED,
                             .status_hidden = true,
                             .seconds = outcome.seconds,
                             .output = talloc_strdup(owner, ""),
                             .errors = talloc_strdup(owner, "")};
    report->findings = outcome.findings;
    report->sorted = true;
    report->conditional = assumptions_are_conditions(&outcome, &options);
    report->detail =
        *outcome.up_to == '\0'
            ? outcome.detail
            : never_null(talloc_asprintf(owner, "%s; %s", outcome.up_to + 1, outcome.detail));
    for (size_t i = 0; i < outcome.warnings.count; i++)
        report->detail = never_null(talloc_asprintf(owner, "%s; warning: %s: %s", report->detail,
                                                    kind_name(outcome.warnings.items[i].kind),
                                                    outcome.warnings.items[i].message));
    if (subject->options == NULL && *outcome.next != '\0' &&
        strncmp(outcome.next, "hazard check", strlen("hazard check")) != 0)
        report->detail =
            never_null(talloc_asprintf(owner, "%s; next: %s", report->detail, outcome.next));
    report->count = outcome.states > 0 ? outcome.states : outcome.executions;
    if (outcome.verdict == VERDICT_UNSUPPORTED)
        report->unsupported = report->detail;
    else if (outcome.verdict != VERDICT_FOUND)
        report->verdict = outcome.verdict;
    return 0;
}

static int available(struct error *error) {
    const struct tool gcc = {"gcc", "gcc", 1200, 1499};
    return tool_check(&gcc, error);
}

const struct detector explore_detector = {
    .name = "explore",
    .title = "explore: every schedule that differs",
    .flavour = &flavour_explore,
    .chosen_only = true,
    .whole_stacks = true,
    .default_runs = 1,
    .options = explore_options_table,
    .available = available,
    .run = run,
};
