/* SPDX-License-Identifier: MIT */
#include "probe/client_report.h"

#include <string.h>

#include "base/memory.h"
#include "probe/blame.h"

static const char *why_failed(void *owner, const struct peer *peer) {
    if (peer->echo.state == ECHO_WRONG)
        return "what came back is not what it had sent";
    if (echo_waits(&peer->echo))
        return "the server has ended";
    if (peer->echo.cause == 0)
        return "the server closed the connection before all had come back";
    return talloc_asprintf(owner, "%s: %s", probe_call_name(peer_call(peer)),
                           strerror(peer->echo.cause));
}

static bool makes_call(const struct peer *peer, enum probe_call call) {
    switch (call) {
    case PROBE_CONNECT:
        return true;
    case PROBE_WRITE:
        return peer->echo.allowed > 0;
    case PROBE_READ:
        return peer->echo.expected > 0;
    case PROBE_END_OF_FILE:
        return peer->echo.end == ECHO_HALF_CLOSES;
    case PROBE_CALL_COUNT:
        break;
    }
    return false;
}

void client_report(struct probing *probing, struct session *session, const struct peer *peer,
                   struct probe_step_report *step) {
    void *owner = probing->owner;
    struct probe_client client = {.name = talloc_strdup(owner, peer->name), .why = ""};
    enum probe_call at = peer_call(peer);
    for (enum probe_call call = 0; call < PROBE_CALL_COUNT && call < at; call++)
        if (makes_call(peer, call))
            client.calls[call] = peer->late[call] ? CALL_LATE : CALL_RETURNED;
    if (at < PROBE_CALL_COUNT && echo_waits(&peer->echo) && session->waited != WAITED_GONE) {
        client.calls[at] = CALL_BLOCKED;
        client.decided = session->waited == WAITED_STUCK ? DECIDED_BY_KERNEL : DECIDED_BY_TIME;
        client.why = blame_why(owner, session, peer);
    } else if (at < PROBE_CALL_COUNT) {
        client.calls[at] = CALL_FAILED;
        client.why = why_failed(owner, peer);
    }
    if (client.calls[PROBE_READ] == CALL_LATE)
        client.why = "the server slept over its line until a time-out ended";
    step->clients = grow_array(owner, step->clients, struct probe_client, step->client_count + 1);
    step->clients[step->client_count++] = client;
}
