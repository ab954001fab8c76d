/* SPDX-License-Identifier: MIT */
#include "probe/step_origin.h"

#include <talloc.h>

#include "probe/blame.h"
#include "probe/client_report.h"
#include "probe/serve.h"

/* Client 1 has asked, and the proxy has done what it can for it. */
static struct peer *ask(struct session *session, enum origin_way way, const char *mood) {
    session_peers(session, 2);
    struct peer *first = &session->peers[0];
    session_connect_for(session, first, way);
    first->mood = mood;
    first->may_be_cut = way != ORIGIN_SLOW;
    first->talker.until = (struct talker_stop){1, 0}; /* the answer is another matter */
    session_wait(session);
    session_settle(session);
    return first;
}

static void serve_second(struct probing *probing, struct session *session,
                         struct probe_step_report *step) {
    struct peer *second = &session->peers[1];
    session_connect(session, second);
    serve(probing, session, step);
    client_report(probing, session, second, step);
}

/* Client 1 must come to an end, now that its origin has. */
static void finish_first(struct probing *probing, struct session *session,
                         struct probe_step_report *step) {
    struct peer *first = &session->peers[0];
    first->mood = NULL;
    talker_go_on(&first->talker);
    while (session_wait(session) == WAITED_LATE)
        ;
    if (talker_waits(&first->talker) && session->waited != WAITED_GONE)
        probing_found(probing, step, blame_wait(probing->owner, session, first));
    client_report_first(probing, session, first, step);
}

static void hold_back(struct probing *probing, struct session *session,
                      struct probe_step_report *step, enum origin_way way, const char *mood,
                      const char *then) {
    const struct peer *first = ask(session, way, mood), *second = first + 1;
    serve_second(probing, session, step);
    bool waited = talker_waits(&second->talker);
    origin_release(session->origin, first->object);
    finish_first(probing, session, step);
    if (waited)
        step->note = talloc_asprintf(
            probing->owner, "client 2 was %s once client 1's origin had %s",
            second->talker.state == TALKER_CONTENT ? "served" : "not served even", then);
}

void step_slow_origin(struct probing *probing, struct session *session,
                      struct probe_step_report *step) {
    hold_back(probing, session, step, ORIGIN_SLOW, "slow", "gone on");
}

void step_silent_origin(struct probing *probing, struct session *session,
                        struct probe_step_report *step) {
    hold_back(probing, session, step, ORIGIN_SILENT, "silent", "closed the connection");
}

void step_resetting_origin(struct probing *probing, struct session *session,
                           struct probe_step_report *step) {
    ask(session, ORIGIN_RESETS, NULL);
    serve_second(probing, session, step);
    finish_first(probing, session, step);
}
