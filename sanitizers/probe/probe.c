/* SPDX-License-Identifier: MIT */
/*
 * Plays the steps one after the other, each against a fresh server, so that what one
 * step does to a server cannot spoil the next.
 */
#include "probe/probe.h"

#include "probe/lone.h"
#include "probe/outcome.h"
#include "probe/probing.h"
#include "probe/session.h"
#include "probe/step_close.h"
#include "probe/step_crowd.h"
#include "probe/step_end.h"
#include "probe/step_leaks.h"
#include "probe/step_lunch.h"
#include "probe/step_origin.h"
#include "probe/tracer.h"
#include "symbols/units.h"

/* PROBE_LEAKS makes sessions of its own. */
static probe_step_player *const players[PROBE_STEP_COUNT] = {
    [PROBE_LUNCH] = step_lunch,
    [PROBE_PARTIAL_LINE] = step_partial_line,
    [PROBE_CROWD] = step_crowd,
    [PROBE_HALF_CLOSE] = step_half_close,
    [PROBE_RESET] = step_reset,
    [PROBE_SLOW_ORIGIN] = step_slow_origin,
    [PROBE_SILENT_ORIGIN] = step_silent_origin,
    [PROBE_RESETTING_ORIGIN] = step_resetting_origin,
    [PROBE_END] = step_end,
};

static int play_step(struct probing *probing, enum probe_step which, struct error *error) {
    struct probe_step_report *step = &probing->report->steps[which];
    step->result = STEP_PASSED;
    if (which == PROBE_LEAKS)
        return step_leaks(probing, step, error);
    struct session *session =
        session_start(probing->owner, probing->subject, probing->options, SESSION_UNTRACED, error);
    if (session == NULL)
        return -1;
    if (session->started != WAITED_DONE) {
        outcome_report_deaf(probing, session, step);
        return 0;
    }
    players[which](probing, session, step);
    if (which != PROBE_END)
        session_peers(session, 0);
    if (outcome_report(probing, session, step, players[which], error) != 0)
        return -1;
    if (which == PROBE_END)
        step_end_report(probing, session, step);
    return 0;
}

/* Do its clients have a part in this probe? */
static bool applies(enum probe_step step, const struct probe_options *options) {
    bool says = options->dialogue == NULL ||
                dialogue_find(options->dialogue, TURN_SEND, 0) < options->dialogue->count;
    return (options->steps & 1U << step) != 0 && (step != PROBE_PARTIAL_LINE || says) &&
           (options->origin || !probe_step_needs_origin(step));
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
    report->missing = tracer_missing(owner);
    struct probing probing = {owner, &known, options, report};
    if (lone_ask(&probing, error) != 0)
        return -1;
    for (enum probe_step step = 0; step < PROBE_STEP_COUNT; step++) {
        if (!applies(step, options) || report->unsupported != NULL || run_interrupted())
            continue;
        if (play_step(&probing, step, error) != 0)
            return -1;
    }
    return 0;
}
