/* SPDX-License-Identifier: MIT */
/*
 * The steps of a probe. Each is played against a server that has just begun to listen.
 */
#ifndef HAZARD_STEPS_H
#define HAZARD_STEPS_H

#include "probe/session.h"

/* A probe under way. */
struct probing {
    void *owner; /* of all that goes into the report */
    const struct subject *subject;
    const struct probe_options *options;
    struct probe_report *report;
};

/* Plays one step, and fills `step`, apart from what the server's end says. */
typedef void probe_step_player(struct probing *probing, struct session *session,
                               struct probe_step_report *step);

probe_step_player play_lunch, play_partial_line, play_crowd, play_half_close, play_reset, play_end;

/* The step PROBE_LEAKS makes sessions of its own. -1 and *error if hazard itself failed. */
int play_leaks(struct probing *probing, struct probe_step_report *step, struct error *error);

/* Adds a finding, unless the same is there already. */
void probe_found(struct probing *probing, struct probe_step_report *step, struct finding finding);

/* session_wait, and the finding for the first client that has to wait. */
enum waited serve(struct probing *probing, struct session *session, struct probe_step_report *step);

/* Adds to the step how far the client has come. Call it while the session's latest look still shows
 * why. */
void report_client(struct probing *probing, struct session *session, const struct peer *peer,
                   struct probe_step_report *step);

/* Ends a session whose server does not listen: it cannot be probed, unless an earlier step shows
 * that it can. */
void report_deaf(struct probing *probing, struct session *session, struct probe_step_report *step);

/*
 * Ends the session, and reports what its end shows: a crash (its line comes from playing the step
 * again under ptrace), an end by itself, a limit. -1 and *error if hazard itself failed.
 */
int close_session(struct probing *probing, struct session *session, struct probe_step_report *step,
                  probe_step_player *again, struct error *error);

/* After close_session: how the server took SIGTERM. */
void report_sigterm(struct probing *probing, const struct session *session,
                    struct probe_step_report *step);

#endif
