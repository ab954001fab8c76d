/* SPDX-License-Identifier: MIT */
/* Many clients at once: each must get its own lines back, and all of them. */
#include <talloc.h>

#include "probe/steps.h"

#define CROWD 64
#define ROUNDS                                                                                     \
    3 /* what only happens when two clients come at the very same moment needs a chance */

/* Each says its own lines, one after the other, and leaves. */
static enum waited one_round(struct probing *probing, struct session *session,
                             struct probe_step_report *step) {
    session_peers(session, CROWD);
    for (size_t i = 0; i < CROWD; i++) {
        struct peer *peer = &session->peers[i];
        peer_connect(session, peer,
                     talloc_asprintf(session, "%s says hello\n%s says more\n%s says bye\n",
                                     peer->name, peer->name, peer->name));
        peer->echo.allowed = peer->echo.expected = 0;
    }
    session_wait(session); /* all are connected, or wait for the first ones to be served */
    peers_talk(session);
    return serve(probing, session, step);
}

static int count_served(const struct session *session) {
    int served = 0;
    for (size_t i = 0; i < CROWD; i++)
        served += session->peers[i].echo.state == ECHO_CONTENT;
    return served;
}

void play_crowd(struct probing *probing, struct session *session, struct probe_step_report *step) {
    enum waited waited = WAITED_DONE;
    step->asked = step->served = CROWD;
    for (int i = 0; i < ROUNDS && waited == WAITED_DONE && step->served == CROWD; i++) {
        waited = one_round(probing, session, step);
        step->served = count_served(session);
    }
    for (size_t i = 0; i < CROWD; i++)
        if (session->peers[i].echo.state != ECHO_CONTENT)
            report_client(probing, session, &session->peers[i], step);
    step->note = talloc_asprintf(probing->owner, "%d of %d clients served", step->served, CROWD);
}
