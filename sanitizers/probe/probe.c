/* SPDX-License-Identifier: MIT */
/*
 * The detector: plays the steps one after the other, each against a fresh server, so that what one
 * step does to a server cannot spoil the next.
 */
#include "probe/probe.h"

#include <string.h>

#include "base/memory.h"
#include "probe/steps.h"
#include "symbols/units.h"

static const struct {
    const char *name, *title;
    probe_step_player *play; /* NULL: PROBE_LEAKS */
} steps[PROBE_STEP_COUNT] = {
    [PROBE_LUNCH] = {"lunch", "client 1 connects and says nothing", play_lunch},
    [PROBE_PARTIAL_LINE] = {"partial-line", "client 1 sends half a line and stops",
                            play_partial_line},
    [PROBE_CROWD] = {"crowd", "64 clients at once, three lines each", play_crowd},
    [PROBE_HALF_CLOSE] = {"half-close", "a client writes, ends its writing side, and reads on",
                          play_half_close},
    [PROBE_RESET] = {"reset", "clients leave in mid-echo, with a reset", play_reset},
    [PROBE_LEAKS] = {"leaks", "clients come and go", NULL},
    [PROBE_END] = {"end", "SIGTERM while a silent client is connected", play_end},
};

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

int probe_step_from_name(const char *name) {
    for (int step = 0; step < PROBE_STEP_COUNT; step++)
        if (strcmp(steps[step].name, name) == 0)
            return step;
    return -1;
}

const char *probe_call_name(enum probe_call call) {
    return call_names[call];
}

const char *call_state_name(enum call_state state) {
    return state_names[state];
}

const char *step_result_name(enum step_result result) {
    return result_names[result];
}

static int play_step(struct probing *probing, enum probe_step which, struct error *error) {
    struct probe_step_report *step = &probing->report->steps[which];
    step->result = STEP_PASSED;
    if (which == PROBE_LEAKS)
        return play_leaks(probing, step, error);
    struct session *session =
        session_start(probing->owner, probing->subject, probing->options, SESSION_UNTRACED, error);
    if (session == NULL)
        return -1;
    if (session->started != WAITED_DONE) {
        report_deaf(probing, session, step);
        return 0;
    }
    steps[which].play(probing, session, step);
    if (which != PROBE_END)
        session_peers(session, 0);
    if (close_session(probing, session, step, steps[which].play, error) != 0)
        return -1;
    if (which == PROBE_END)
        report_sigterm(probing, session, step);
    return 0;
}

int probe_run(void *owner, const struct subject *subject, const struct probe_options *options,
              struct probe_report *report, struct error *error) {
    *report = (struct probe_report){0};
    for (int step = 0; step < PROBE_STEP_COUNT; step++)
        report->steps[step].note = "";
    struct subject known = *subject;
    if (known.sources.count == 0)
        known.sources = units_sources(owner, known.binary);
    report->sources = known.sources;
    struct probing probing = {owner, &known, options, report};
    for (enum probe_step step = 0; step < PROBE_STEP_COUNT; step++) {
        bool wanted = (options->steps & 1U << step) != 0;
        if (!wanted || report->unsupported != NULL || run_interrupted())
            continue;
        if (play_step(&probing, step, error) != 0)
            return -1;
    }
    return 0;
}
