/* SPDX-License-Identifier: MIT */
/* What all steps do: let clients be served, and report how far each came. */
#include <string.h>

#include "base/memory.h"
#include "probe/blame.h"
#include "probe/steps.h"

void probe_found(struct probing *probing, struct probe_step_report *step, struct finding finding) {
    struct findings *all = &probing->report->findings;
    step->result = STEP_FAILED;
    for (size_t i = 0; i < all->count; i++)
        if (finding_same(&all->items[i], &finding, &probing->subject->sources))
            return;
    findings_add(probing->owner, all, finding);
}

static const struct peer *first_waiting(const struct session *session) {
    for (size_t i = 0; i < session->peer_count; i++)
        if (echo_waits(&session->peers[i].echo))
            return &session->peers[i];
    return NULL;
}

enum waited serve(struct probing *probing, struct session *session,
                  struct probe_step_report *step) {
    enum waited waited = session_wait(session);
    bool slept_over = waited == WAITED_LATE;
    struct finding finding = {0};
    if (slept_over)
        finding = blame_wait(probing->owner, session, first_waiting(session));
    while (waited == WAITED_LATE)
        waited = session_wait(session);

    bool blocked = waited == WAITED_STUCK || waited == WAITED_TIME_UP;
    if (blocked && !slept_over)
        finding = blame_wait(probing->owner, session, first_waiting(session));
    if (blocked || (slept_over && waited == WAITED_DONE))
        probe_found(probing, step, finding);
    return waited;
}

/* ---- How far a client has come
 * ---------------------------------------------------------------------------------------------
 */

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

void report_client(struct probing *probing, struct session *session, const struct peer *peer,
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
