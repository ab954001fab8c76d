/* SPDX-License-Identifier: MIT */
#include "probe/step_close.h"

#include "base/memory.h"
#include "probe/client_report.h"
#include "probe/script.h"
#include "probe/serve.h"

void step_half_close(struct probing *probing, struct session *session,
                     struct probe_step_report *step) {
    session_peers(session, 1);
    struct peer *client = &session->peers[0];
    session_connect(session, client);
    client->talker.half_closes = true;
    client->may_be_cut = !script_is_echo(probing->options); /* some take it for an abort */
    serve(probing, session, step);
    client_report(probing, session, client, step);
}

#define RESETS 8

/* One that is in the middle of its session, or will be. */
static void connect_one(struct session *session, struct peer *client) {
    bool echo = script_is_echo(session->options);
    if (echo)
        session_connect_as(session, client, script_flood(session->peers));
    else if (session->origin != NULL)
        session_connect_for(session, client, ORIGIN_SLOW); /* much comes when it is gone */
    else
        session_connect(session, client);
    const struct dialogue *dialogue = client->talker.dialogue;
    size_t says = dialogue_find(dialogue, TURN_SEND, 0);
    if (says < dialogue->count) /* the flood's first lines come back first */
        client->talker.until = (struct talker_stop){says + (echo ? 2 : 1), 0};
}

/*
 * A client that leaves in the middle of its session: with a reset at once, or by closing with
 * something unread, which the kernel answers with a reset at the server's next write. One of an echo
 * server says far more than it reads before. False if the server does not play along.
 */
static bool leave_in_the_middle(struct probing *probing, struct session *session,
                                void (*leave)(struct talker *), struct probe_step_report *step) {
    session_peers(session, 1);
    struct peer *client = &session->peers[0];
    connect_one(session, client);
    if (serve(probing, session, step) != WAITED_DONE || client->talker.state != TALKER_CONTENT) {
        client_report(probing, session, client, step);
        return false;
    }
    if (script_is_echo(session->options))
        talker_go_on(&client->talker);
    else if (session_settle(session) == WAITED_GONE)
        return false;
    leave(&client->talker);
    if (session->origin != NULL)
        origin_release(session->origin, client->object);
    return session_settle(session) != WAITED_GONE;
}

void step_reset(struct probing *probing, struct session *session, struct probe_step_report *step) {
    for (int i = 0; i < RESETS; i++) {
        if (leave_in_the_middle(probing, session, i % 2 == 0 ? talker_reset : talker_close, step))
            continue;
        step->note = talloc_asprintf(
            probing->owner, "it came to an end with client %d of %d that leave in mid-session",
            i + 1, RESETS);
        return;
    }
    session_peers(session, 1);
    struct peer *last = &session->peers[0];
    last->name = "client 9";
    last->number = RESETS + 1;
    session_connect(session, last);
    serve(probing, session, step);
    client_report(probing, session, last, step);
    step->note = talloc_asprintf(probing->owner, "%d clients left before, in mid-session", RESETS);
}
