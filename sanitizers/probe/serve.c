/* SPDX-License-Identifier: MIT */
#include "probe/serve.h"

#include "probe/blame.h"

static const struct peer *first_waiting(const struct session *session) {
    for (size_t i = 0; i < session->peer_count; i++)
        if (talker_waits(&session->peers[i].talker))
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
        probing_found(probing, step, finding);
    return waited;
}
