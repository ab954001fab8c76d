/* SPDX-License-Identifier: MIT */
#include "probe/probe_call.h"

static const char *const call_names[PROBE_CALL_COUNT] = {
    [PROBE_CONNECT] = "connect",
    [PROBE_WRITE] = "write",
    [PROBE_READ] = "read",
    [PROBE_END_OF_FILE] = "end of file",
};

static const char *const state_names[] = {
    [CALL_NOT_MADE] = "not made", [CALL_RETURNED] = "returned", [CALL_LATE] = "late",
    [CALL_BLOCKED] = "blocked",   [CALL_FAILED] = "failed",
};

const char *probe_call_name(enum probe_call call) {
    return call_names[call];
}

const char *probe_call_state_name(enum call_state state) {
    return state_names[state];
}
