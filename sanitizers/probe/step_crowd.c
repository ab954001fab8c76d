/* SPDX-License-Identifier: MIT */
#include "probe/step_crowd.h"

#include <talloc.h>

#include "probe/client_report.h"
#include "probe/serve.h"

#define CROWD 64
#define ROUNDS 3 /* what takes two clients at the very same moment needs a chance to happen */

/*
 * As many as the server accepts or queues, and no more: those beyond would show the pauses of the
 * kernel, which tries again and again to complete their connections, and not the server's.
 */
static size_t connect_crowd(struct session *session) {
    size_t connected = 0;
    session_peers(session, CROWD);
    session_settle(session);
    for (unsigned room; connected < CROWD && (room = look_room(session->last)) > 0;) {
        for (; room > 0 && connected < CROWD; room--, connected++) {
            session_connect(session, &session->peers[connected]);
            session->peers[connected].talker.until = (struct talker_stop){0, 0};
        }
        session_wait(session);
        if (session_settle(session) == WAITED_GONE)
            break;
    }
    session->peer_count = connected;
    return connected;
}

/* Each says what clients say, and leaves. */
static enum waited one_round(struct probing *probing, struct session *session,
                             struct probe_step_report *step) {
    step->asked = (int)connect_crowd(session);
    session_talk(session);
    return serve(probing, session, step);
}

static int count_served(const struct session *session) {
    int served = 0;
    for (size_t i = 0; i < session->peer_count; i++)
        served += session->peers[i].talker.state == TALKER_CONTENT;
    return served;
}

void step_crowd(struct probing *probing, struct session *session, struct probe_step_report *step) {
    enum waited waited = WAITED_DONE;
    for (int i = 0; i < ROUNDS && waited == WAITED_DONE && step->served == step->asked; i++) {
        waited = one_round(probing, session, step);
        step->served = count_served(session);
    }
    for (size_t i = 0; i < session->peer_count; i++)
        if (session->peers[i].talker.state != TALKER_CONTENT)
            client_report(probing, session, &session->peers[i], step);
    step->note = talloc_asprintf(
        probing->owner, "%d of %d clients served%s", step->served, step->asked,
        step->asked < CROWD ? "; its queue of connections has no room for more at once" : "");
}
