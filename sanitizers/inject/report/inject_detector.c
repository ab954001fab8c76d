/* SPDX-License-Identifier: MIT */
/*
 * inject as a detector beside the others: one run is one walk. Which signal, and how it comes, only
 * the catalogue can say.
 */
#include "inject/report/inject_detector.h"

#include "base/memory.h"
#include "base/tool.h"
#include "inject/report/inject.h"

/* A program of the suite is sized to be walked in a few seconds. On a machine with much else to do
 * it gets more, so that load does not turn `proved` into `bounded`. */
#define SUITE_SECONDS 1200

static int read_options(const struct subject *subject, const struct run_limits *limits,
                        struct inject_options *options, struct error *error) {
    *options = inject_default_options;
    options->seconds = limits->seconds < SUITE_SECONDS ? SUITE_SECONDS : limits->seconds;
    options->output_bytes = limits->output_bytes;
    options->memory_bytes = limits->memory_bytes;
    if (option_set_pairs(inject_options_table, options, subject->options, error) != 0)
        return -1;
    return inject_options_check(options, error);
}

static int run(void *owner, const struct subject *subject, const struct run_limits *limits,
               const char *scratch, struct run_report *report, struct error *error) {
    (void)scratch;
    struct inject_options options;
    struct inject_report injected;
    if (read_options(subject, limits, &options, error) != 0 ||
        inject_run(owner, subject, &options, NULL, NULL, &injected, error) != 0)
        return -1;
    report->outcome =
        (struct run_outcome){.end = injected.injection.interrupted ? RUN_INTERRUPTED : RUN_EXITED,
                             .status_hidden = true, /* it is that of thousands of copies */
                             .seconds = injected.injection.seconds,
                             .output = talloc_strdup(owner, ""),
                             .errors = talloc_strdup(owner, "")};
    report->findings = injected.findings;
    report->detail = injected.detail;
    report->count = injected.tried;
    if (injected.verdict == VERDICT_UNSUPPORTED)
        report->unsupported = injected.detail;
    else if (injected.verdict != VERDICT_FOUND)
        report->verdict = injected.verdict;
    return 0;
}

static int available(struct error *error) {
    const struct tool gcc = {"gcc", "gcc", 1200, 1499};
    return tool_check(&gcc, error);
}

const struct detector inject_detector = {
    .name = "inject",
    .title = "inject: a signal at every instruction",
    .flavour = &flavour_plain,
    .chosen_only = true,
    .suite_only = true,
    .whole_stacks = true,
    .lengthy = true,
    .default_runs = 1,
    .options = inject_options_table,
    .available = available,
    .run = run,
};
