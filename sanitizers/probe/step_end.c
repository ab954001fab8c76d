/* SPDX-License-Identifier: MIT */
#include "probe/step_end.h"

#include <signal.h>

#include "base/memory.h"
#include "run/run_describe.h"

void step_end(struct probing *probing, struct session *session, struct probe_step_report *step) {
    (void)probing, (void)step;
    session_peers(session, 1);
    session_connect(session, &session->peers[0]);
    session->peers[0].talker.until = (struct talker_stop){0, 0};
    session_wait(session);
    session_settle(session);
}

static const char *sigterm_fault(void *owner, const struct session *session) {
    const struct run_outcome *outcome = &session->outcome;
    if (session->ended == WAITED_STUCK)
        return "it does not end: all its threads sleep on";
    if (session->ended != WAITED_DONE)
        return "it does not end within the time limit";
    if (session->left_behind > 0)
        return talloc_asprintf(owner,
                               "it ends and leaves %zu process%s behind, "
                               "which live%s on although no client is connected any more",
                               session->left_behind, session->left_behind == 1 ? "" : "es",
                               session->left_behind == 1 ? "s" : "");
    if (outcome->end == RUN_EXITED && outcome->status != 0)
        return run_describe(owner, outcome);
    if (outcome->end == RUN_SIGNALED && outcome->status != SIGTERM)
        return run_describe(owner, outcome);
    return NULL;
}

/* (Whether it ends its clients' sessions with it is its own choice.) */
static const char *what_was_left(const struct session *session) {
    if (session->finished == 0)
        return "nothing left behind";
    return session->finished == 1
               ? "a child process of it went on until its client left, and ended then"
               : "child processes of it went on until their clients left, and ended then";
}

void step_end_report(struct probing *probing, const struct session *session,
                     struct probe_step_report *step) {
    if (session->ended == WAITED_GONE)
        return;
    const char *fault = sigterm_fault(probing->owner, session);
    if (fault == NULL) {
        const char *how = session->outcome.end == RUN_EXITED
                              ? "exit 0"
                              : "ended by the signal itself (it has no handler)";
        step->note = talloc_asprintf(probing->owner, "%s, %s", how, what_was_left(session));
        return;
    }
    struct finding finding = {
        .kind = KIND_EXIT,
        .message = talloc_asprintf(probing->owner, "after SIGTERM to the server: %s", fault)};
    finding_add_location(probing->owner, &finding,
                         (struct location){.actor = "server process", .doing = "gets SIGTERM"});
    probing_found(probing, step, finding);
    step->note = fault;
}
