/* SPDX-License-Identifier: MIT */
#include "probe/client_report.h"

#include <string.h>

#include "base/memory.h"
#include "probe/blame.h"
#include "probe/script.h"

static const char *why_failed(void *owner, const struct session *session, const struct peer *peer) {
    const struct talker *talker = &peer->talker;
    if (talker->state == TALKER_WRONG && script_is_echo(session->options))
        return talloc_asprintf(owner, "what came back is not what it had sent: %s", talker->why);
    if (talker->state == TALKER_WRONG)
        return talloc_strdup(owner, talker->why);
    if (talker_waits(talker))
        return "the server has ended";
    if (talker->cause == 0)
        return script_is_echo(session->options)
                   ? "the server closed the connection before all had come back"
                   : "the server closed the connection before all had come";
    return talloc_asprintf(owner, "%s: %s", probe_call_name(peer_call(peer)),
                           strerror(talker->cause));
}

/* How the call that it is in, or that failed, came out. */
static void report_call(void *owner, struct session *session, const struct peer *peer,
                        struct probe_client *client) {
    enum call_state *state = &client->calls[peer_call(peer)];
    bool waits = talker_waits(&peer->talker) && session->waited != WAITED_GONE;
    if (waits) {
        *state = CALL_BLOCKED;
        client->decided = session->waited == WAITED_STUCK ? DECIDED_BY_KERNEL : DECIDED_BY_TIME;
        client->why = blame_why(owner, session, peer);
        return;
    }
    client->why = why_failed(owner, session, peer);
    *state = CALL_FAILED;
    if (peer->may_be_cut && !peer->talker.misled && session->waited != WAITED_GONE) {
        *state = CALL_RETURNED;
        client->why = talloc_asprintf(owner, "%s (which it may do)", client->why);
    }
}

void client_report(struct probing *probing, struct session *session, const struct peer *peer,
                   struct probe_step_report *step) {
    void *owner = probing->owner;
    struct probe_client client = {.name = talloc_strdup(owner, peer->name), .why = ""};
    for (enum probe_call call = 0; call < PROBE_CALL_COUNT; call++)
        if (peer_made(peer, call))
            client.calls[call] = peer->late[call] ? CALL_LATE : CALL_RETURNED;
    if (peer_call(peer) < PROBE_CALL_COUNT)
        report_call(owner, session, peer, &client);
    if (client.calls[PROBE_READ] == CALL_LATE)
        client.why = talloc_asprintf(owner, "the server slept over its %s until a time-out ended",
                                     peer->talker.dialogue->noun);
    step->clients = grow_array(owner, step->clients, struct probe_client, step->client_count + 1);
    step->clients[step->client_count++] = client;
}

void client_report_first(struct probing *probing, struct session *session, const struct peer *peer,
                         struct probe_step_report *step) {
    client_report(probing, session, peer, step);
    struct probe_client last = step->clients[step->client_count - 1];
    memmove(step->clients + 1, step->clients, (step->client_count - 1) * sizeof last);
    step->clients[0] = last;
}
