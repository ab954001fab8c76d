/* SPDX-License-Identifier: MIT */
#include "probe/probe_step.h"

#include <string.h>

static const struct {
    const char *name, *title;
} steps[PROBE_STEP_COUNT] = {
    [PROBE_LUNCH] = {"lunch", "client 1 connects and says nothing"},
    [PROBE_PARTIAL_LINE] = {"partial-line",
                            "client 1 stops in the middle of its first line or request"},
    [PROBE_CROWD] = {"crowd", "many clients at once"},
    [PROBE_HALF_CLOSE] = {"half-close", "a client writes, ends its writing side, and reads on"},
    [PROBE_RESET] = {"reset", "clients leave in mid-session, with a reset"},
    [PROBE_SLOW_ORIGIN] = {"slow-origin", "client 1's origin stops in the middle of its answer"},
    [PROBE_SILENT_ORIGIN] = {"silent-origin", "client 1's origin does not answer"},
    [PROBE_RESETTING_ORIGIN] = {"resetting-origin", "client 1's origin resets in mid-answer"},
    [PROBE_LEAKS] = {"leaks", "clients come and go"},
    [PROBE_END] = {"end", "SIGTERM while a silent client is connected"},
};

static const char *const result_names[] = {
    [STEP_NOT_RUN] = "not run",
    [STEP_PASSED] = "passed",
    [STEP_FAILED] = "failed",
    [STEP_UNDECIDED] = "undecided",
};

const char *probe_step_name(enum probe_step step) {
    return steps[step].name;
}

const char *probe_step_title(enum probe_step step) {
    return steps[step].title;
}

bool probe_step_needs_origin(enum probe_step step) {
    return step == PROBE_SLOW_ORIGIN || step == PROBE_SILENT_ORIGIN ||
           step == PROBE_RESETTING_ORIGIN;
}

int probe_step_from_name(const char *name) {
    for (int step = 0; step < PROBE_STEP_COUNT; step++)
        if (strcmp(steps[step].name, name) == 0)
            return step;
    return -1;
}

const char *probe_step_result_name(enum step_result result) {
    return result_names[result];
}
