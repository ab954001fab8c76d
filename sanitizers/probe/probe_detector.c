/* SPDX-License-Identifier: MIT */
#include "probe/probe_detector.h"

#include "base/memory.h"
#include "probe/probe.h"

static int always_available(struct error *error) {
    (void)error;
    return 0;
}

/* A call gets a third of a server's time, so that a step in which one does not return can go on. */
static int run_probe(void *owner, const struct subject *subject, const struct run_limits *limits,
                     const char *scratch, struct run_report *report, struct error *error) {
    (void)scratch;
    struct probe_options options = {
        .limits = *limits, .call_seconds = limits->seconds / 3, .steps = PROBE_ALL_STEPS};
    if (option_set_pairs(probe_options_table, &options, subject->options, error) != 0 ||
        probe_options_check(&options, error) != 0 ||
        probe_options_read(owner, &options, error) != 0)
        return -1;
    struct probe_report *probed = never_null(talloc_zero(owner, struct probe_report));
    if (probe_run(owner, subject, &options, probed, error) != 0)
        return -1;
    *report = (struct run_report){.findings = probed->findings,
                                  .outcome = probed->outcome,
                                  .unsupported = probed->unsupported};
    return 0;
}

const struct detector probe_detector = {
    .name = "probe",
    .title = "probe (a client that asks where a server blocks)",
    .flavour = &flavour_plain,
    .servers_only = true,
    .options = probe_options_table,
    .default_runs = 1,
    .available = always_available,
    .run = run_probe,
};
