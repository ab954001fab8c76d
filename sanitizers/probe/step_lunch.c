/* SPDX-License-Identifier: MIT */
#include "probe/step_lunch.h"

#include <talloc.h>

#include "probe/blame.h"
#include "probe/client_report.h"
#include "probe/serve.h"

#define QUESTION "is anybody there?\n"
#define WHOLE_LINE "this is half a line, and this the rest\n"
#define HALF 19

static const char *afterwards(const struct peer *client) {
    return client->echo.state == ECHO_CONTENT
               ? "client 2 was served once client 1 had left"
               : "client 2 was not served even after client 1 had left";
}

void step_lunch(struct probing *probing, struct session *session, struct probe_step_report *step) {
    session_peers(session, 2);
    struct peer *first = &session->peers[0], *second = &session->peers[1];
    first->mood = "out to lunch";
    session_connect(session, first, "");
    session_wait(session);
    session_settle(session); /* so that the server has turned to client 1, if it ever does */

    session_connect(session, second, QUESTION);
    serve(probing, session, step);
    client_report(probing, session, first, step);
    client_report(probing, session, second, step);
    if (!echo_waits(&second->echo))
        return;
    echo_close(&first->echo);
    session_wait(session);
    step->note = afterwards(second);
}

/* A server that took half of the line for good has lost it. */
static void finish_line(struct probing *probing, struct session *session, struct peer *client,
                        struct probe_step_report *step) {
    client->mood = NULL;
    client->echo.allowed = client->echo.expected = client->echo.length;
    echo_advance(&client->echo);
    session_wait(session);
    if (echo_waits(&client->echo) && session->waited != WAITED_GONE)
        probing_found(probing, step, blame_wait(probing->owner, session, client));
    step->note = client->echo.state == ECHO_CONTENT
                     ? "client 1 then finished its line and has all of it back"
                     : "client 1 then finished its line, and did not get it back";
}

/* Client 1 is told of last, but stands first. */
static void report_first(struct probing *probing, struct session *session, const struct peer *first,
                         struct probe_step_report *step) {
    client_report(probing, session, first, step);
    struct probe_client last = step->clients[1];
    step->clients[1] = step->clients[0];
    step->clients[0] = last;
}

void step_partial_line(struct probing *probing, struct session *session,
                       struct probe_step_report *step) {
    session_peers(session, 2);
    struct peer *first = &session->peers[0], *second = &session->peers[1];
    first->mood = "in the middle of a line";
    session_connect(session, first, WHOLE_LINE);
    first->echo.allowed = HALF;
    first->echo.expected = 0;
    session_wait(session);
    session_settle(session);

    session_connect(session, second, QUESTION);
    serve(probing, session, step);
    client_report(probing, session, second, step);
    finish_line(probing, session, first, step);
    report_first(probing, session, first, step);
    if (!echo_waits(&second->echo))
        return;
    echo_close(&first->echo);
    session_wait(session);
    step->note = talloc_asprintf(probing->owner, "%s; %s", step->note, afterwards(second));
}
