/* SPDX-License-Identifier: MIT */
#include "probe/step_end.h"

#include <signal.h>

#include "base/memory.h"
#include "run/run_describe.h"

void step_end(struct probing *probing, struct session *session, struct probe_step_report *step) {
    (void)probing, (void)step;
    session_peers(session, 1);
    session_connect(session, &session->peers[0], "");
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
        return talloc_asprintf(owner, "it ends and leaves %zu process%s behind",
                               session->left_behind, session->left_behind == 1 ? "" : "es");
    if (outcome->end == RUN_EXITED && outcome->status != 0)
        return run_describe(owner, outcome);
    if (outcome->end == RUN_SIGNALED && outcome->status != SIGTERM)
        return run_describe(owner, outcome);
    return NULL;
}

void step_end_report(struct probing *probing, const struct session *session,
                     struct probe_step_report *step) {
    if (session->ended == WAITED_GONE)
        return;
    const char *fault = sigterm_fault(probing->owner, session);
    if (fault == NULL) {
        step->note = session->outcome.end == RUN_EXITED
                         ? "exit 0, nothing left behind"
                         : "ended by the signal itself (it has no handler), nothing left behind";
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
