/* SPDX-License-Identifier: MIT */
#include "probe/step_close.h"

#include <stdio.h>

#include "base/memory.h"
#include "probe/client_report.h"
#include "probe/serve.h"

void step_half_close(struct probing *probing, struct session *session,
                     struct probe_step_report *step) {
    session_peers(session, 1);
    struct peer *client = &session->peers[0];
    session_connect(session, client, "first line\nsecond line\nand the last one\n");
    client->echo.end = ECHO_HALF_CLOSES;
    serve(probing, session, step);
    client_report(probing, session, client, step);
}

#define RESETS 8
#define LONG_LINES 4096
#define ECHOED_BEFORE 4096 /* bytes: the server is in the middle of its work when it happens */

static char *long_text(void *owner) {
    const char line[] = "a line that is echoed over and over again, until nobody listens\n";
    size_t length = sizeof line - 1;
    char *text = new_array(owner, char, LONG_LINES *length + 1);
    for (size_t i = 0; i < LONG_LINES; i++)
        snprintf(text + i * length, length + 1, "%s", line);
    return text;
}

/*
 * A client that sends far more than it reads, and leaves: with a reset at once, or by closing with
 * the echo unread, which the kernel answers with a reset at the server's next write. False if the
 * server does not play along.
 */
static bool leave_in_mid_echo(struct probing *probing, struct session *session, const char *text,
                              void (*leave)(struct echo *), struct probe_step_report *step) {
    session_peers(session, 1);
    struct peer *client = &session->peers[0];
    session_connect(session, client, text);
    client->echo.allowed = client->echo.expected = ECHOED_BEFORE;
    if (serve(probing, session, step) != WAITED_DONE || client->echo.state != ECHO_CONTENT) {
        client_report(probing, session, client, step);
        return false;
    }
    client->echo.allowed = client->echo.length;
    echo_advance(&client->echo);
    leave(&client->echo);
    return session_settle(session) != WAITED_GONE;
}

void step_reset(struct probing *probing, struct session *session, struct probe_step_report *step) {
    const char *text = long_text(session);
    for (int i = 0; i < RESETS; i++) {
        if (leave_in_mid_echo(probing, session, text, i % 2 == 0 ? echo_reset : echo_close, step))
            continue;
        step->note = talloc_asprintf(
            probing->owner, "it came to an end with client %d of %d that leave in mid-echo", i + 1,
            RESETS);
        return;
    }
    session_peers(session, 1);
    session->peers[0].name = "client 9";
    session_connect(session, &session->peers[0], "and I?\n");
    serve(probing, session, step);
    client_report(probing, session, &session->peers[0], step);
    step->note = talloc_asprintf(probing->owner, "%d clients left before, in mid-echo", RESETS);
}
