/* SPDX-License-Identifier: MIT */
#include "inject/inject_options.h"

#include <signal.h>
#include <stdio.h>

#include "base/signal_name.h"

const struct inject_options inject_default_options = {
    .jobs = 1,
    .at = -1,
    .second = -1,
    .allow_exit = -1,
    .points = 1000000,
    .instructions = 10000000,
    .output_bytes = (size_t)1 << 20,
    .memory_bytes = (size_t)2 << 30,
};

/* ---- Values that are more than their member -------------------------------------------------- */

static int take_signal(const struct detector_option *option, const char *shown, void *options,
                       const char *value, struct error *error) {
    struct inject_options *inject = options;
    int number = signal_name_number(value);
    (void)option;
    if (number == 0)
        return fail(error,
                    "there is no signal '%s': SIGCHLD, SIGALRM, SIGUSR1... `kill -l` names "
                    "them",
                    value);
    if (number == SIGKILL || number == SIGSTOP)
        return fail(error, "%s: no program can handle %s", shown, signal_name(number));
    inject->signal = number;
    return 0;
}

static const char *signal_text(void *owner, const void *options) {
    int number = ((const struct inject_options *)options)->signal;
    (void)owner;
    return number != 0 ? signal_name(number) : NULL;
}

/* "1204", or "1204+31": the second signal at the 31st instruction of the first one's handler. */
static int take_at(const struct detector_option *option, const char *shown, void *options,
                   const char *value, struct error *error) {
    struct inject_options *inject = options;
    long long first = -1, second = -1;
    int length = 0;
    bool both = sscanf(value, "%lld+%lld%n", &first, &second, &length) == 2;
    (void)option;
    if (!both && sscanf(value, "%lld%n", &first, &length) != 1)
        length = 0;
    if (length == 0 || value[length] != '\0' || first < 0 || (both && second < 0))
        return fail(error, "%s takes the number of a point (or two: 1204+31), not '%s'", shown,
                    value);
    inject->at = first;
    inject->second = both ? second : -1;
    return 0;
}

/* ---- The table ------------------------------------------------------------------------------- */

enum { SIGNAL = 1, RANGE, POINT, BUDGET }; /* groups of the help */

/* How many second signals --twice tries in each place of a first one, unless it says. */
#define USUAL_TWICE "16"

#define MEMBER(name) .offset = offsetof(struct inject_options, name)

/* The command for one point says what decides how the program is walked and what is a fault. */
const struct detector_option inject_options_table[] = {
    {.name = "signal",
     .key = 's',
     .argument = "SIG",
     .group = SIGNAL,
     .help = "The signal: SIGALRM, USR1, 14...",
     .in_catalog = true,
     .record = RECORD_ALWAYS,
     .value = VALUE_TEXT,
     .take = take_signal,
     .text = signal_text},
    {.name = "child-exit",
     .alone = "true",
     .group = SIGNAL,
     .help = "It is SIGCHLD, and comes because a child ends just there",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_FLAG,
     MEMBER(child_exit)},
    {.name = "from",
     .argument = "FUNCTION",
     .group = RANGE,
     .help = "Begin where this function is entered (default: main)",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_TEXT,
     MEMBER(from)},
    {.name = "until",
     .argument = "FUNCTION",
     .group = RANGE,
     .help = "End where this one has returned for the last time (default: where main returns)",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_TEXT,
     MEMBER(until)},
    {.name = "twice",
     .argument = "N",
     .alone = USUAL_TWICE,
     .group = RANGE,
     .help = "Also a second signal inside the handler of the first: N samples for each place of "
             "the first (default " USUAL_TWICE ")",
     .in_catalog = true,
     .value = VALUE_INT64,
     .max = 1000000,
     MEMBER(twice)},
    {.name = "allow-exit",
     .argument = "N",
     .group = RANGE,
     .help = "A run that ends with exit status N is no fault, whatever it prints",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_INT64,
     .max = 255,
     MEMBER(allow_exit)},
    {.name = "any-output",
     .alone = "true",
     .group = RANGE,
     .help = "What the program prints does not matter",
     .in_catalog = true,
     .record = RECORD_IF_SET,
     .value = VALUE_FLAG,
     MEMBER(any_output)},
    {.name = "at",
     .argument = "K",
     .group = POINT,
     .help = "Only at point K of the walk, with stacks",
     .value = VALUE_TEXT,
     .take = take_at},
    {.name = "jobs",
     .formerly = "parallel",
     .key = 'j',
     .argument = "N",
     .group = BUDGET,
     .help = "Share the points among N processes (default: one per processor)",
     .value = VALUE_INT,
     .min = 1,
     .max = 256,
     MEMBER(jobs)},
    {.name = "points",
     .argument = "N",
     .group = BUDGET,
     .help = "Stop after N points (default 1000000; 0: no limit)",
     .in_catalog = true,
     .value = VALUE_INT64,
     .max = INT64_MAX,
     MEMBER(points)},
    {.name = "seconds",
     .argument = "N",
     .group = BUDGET,
     .help = "Stop after N seconds (default: never)",
     .in_catalog = true,
     .value = VALUE_SECONDS,
     MEMBER(seconds)},
    {.name = "instructions",
     .argument = "N",
     .group = BUDGET,
     .help = "A run that takes more after the signal has run away (default 10000000)",
     .in_catalog = true,
     .value = VALUE_INT64,
     .min = 1,
     .max = INT64_MAX,
     MEMBER(instructions)},
    {.name = NULL},
};

int inject_options_check(struct inject_options *options, struct error *error) {
    if (options->child_exit && options->signal == 0)
        options->signal = SIGCHLD;
    if (options->signal == 0)
        return fail(error, "which signal? --signal=SIGALRM, SIGUSR1, SIGINT, SIGTERM and SIGCHLD "
                           "(with --child-exit: when a child ends) are usual");
    if (options->child_exit && options->signal != SIGCHLD)
        return fail(error, "--child-exit brings SIGCHLD, not %s", signal_name(options->signal));
    return 0;
}
