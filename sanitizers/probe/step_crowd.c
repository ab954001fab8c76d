/* SPDX-License-Identifier: MIT */
#include "probe/step_crowd.h"

#include <talloc.h>

#include "probe/client_report.h"
#include "probe/serve.h"

#define CROWD 64
#define ROUNDS 3 /* what takes two clients at the very same moment needs a chance to happen */

/* Each says what clients say, and leaves. */
static enum waited one_round(struct probing *probing, struct session *session,
                             struct probe_step_report *step) {
    session_peers(session, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        session_connect(session, &session->peers[i]);
        session->peers[i].talker.until = (struct talker_stop){0, 0};
    }
    session_wait(session); /* all are connected, or wait for the first ones to be served */
    session_talk(session);
    return serve(probing, session, step);
}

static int count_served(const struct session *session) {
    int served = 0;
    for (size_t i = 0; i < CROWD; i++)
        served += session->peers[i].talker.state == TALKER_CONTENT;
    return served;
}

void step_crowd(struct probing *probing, struct session *session, struct probe_step_report *step) {
    enum waited waited = WAITED_DONE;
    step->asked = step->served = CROWD;
    for (int i = 0; i < ROUNDS && waited == WAITED_DONE && step->served == CROWD; i++) {
        waited = one_round(probing, session, step);
        step->served = count_served(session);
    }
    for (size_t i = 0; i < CROWD; i++)
        if (session->peers[i].talker.state != TALKER_CONTENT)
            client_report(probing, session, &session->peers[i], step);
    step->note = talloc_asprintf(probing->owner, "%d of %d clients served", step->served, CROWD);
}
