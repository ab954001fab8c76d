/* SPDX-License-Identifier: MIT */
/* Many clients at once: each must get its own lines back, and all of them. */
#include <talloc.h>

#include "probe/steps.h"

#define CROWD 64

void play_crowd(struct probing *probing, struct session *session, struct probe_step_report *step) {
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
    serve(probing, session, step);

    step->asked = CROWD;
    for (size_t i = 0; i < CROWD; i++) {
        const struct peer *peer = &session->peers[i];
        if (peer->echo.state == ECHO_CONTENT)
            step->served++;
        else
            report_client(probing, session, peer, step);
    }
    step->note = talloc_asprintf(probing->owner, "%d of %d clients served", step->served, CROWD);
}
