/* SPDX-License-Identifier: MIT */
#include "probe/lone.h"

#include "base/memory.h"
#include "probe/blame.h"
#include "probe/client_report.h"
#include "probe/outcome.h"
#include "probe/script.h"
#include "run/hearing.h"
#include "run/run_describe.h"

/* Where nothing is expected of the server before it is spoken to: what it does then all the same.
 * NULL if nothing. */
static const char *done_unasked(void *owner, struct session *session, struct peer *client) {
    struct talker *talker = &client->talker;
    if (talker->dialogue->turns[0].kind != TURN_SEND)
        return NULL;
    talker->until = (struct talker_stop){0, 0};
    session_wait(session);
    if (session_settle(session) == WAITED_GONE || talker->state != TALKER_CONTENT)
        return NULL;
    talker_advance(talker);
    if (talker->heard_length > 0)
        return talloc_asprintf(owner, "it speaks first, and says %s",
                               hearing_quote(owner, talker->heard, talker->heard_length));
    return talker->ended ? "it closes the connection before anything is said" : NULL;
}

/* "dialogue.txt:3: ": the turn that it is at. */
static const char *at_line(void *owner, const struct talker *talker) {
    const struct dialogue *dialogue = talker->dialogue;
    if (dialogue->path == NULL || talker->turn >= dialogue->count)
        return "";
    return talloc_asprintf(owner, "%s:%d: ", dialogue->path, dialogue->turns[talker->turn].line);
}

static const char *not_served(struct probing *probing, struct session *session,
                              struct peer *client) {
    void *owner = probing->owner;
    struct talker *talker = &client->talker;
    struct probe_step_report step = {0};
    talker_go_on(talker);
    while (session_wait(session) == WAITED_LATE)
        ;
    if (talker->state == TALKER_CONTENT)
        return NULL;
    client_report(probing, session, client, &step);
    const char *why = talker_waits(talker) && session->waited != WAITED_GONE
                          ? blame_wait(owner, session, client).message
                          : step.clients[0].why;
    return talloc_asprintf(owner, "%s%s", at_line(owner, talker), why);
}

static const char *what_to_do(const struct probe_options *options) {
    if (options->dialogue != NULL)
        return "the dialogue must be one that a client alone gets through";
    if (options->origin)
        return "hazard probe --http asks a server that is no proxy, --dialogue FILE says what else "
               "clients say";
    return options->http != NULL
               ? "hazard probe --dialogue FILE says what clients say"
               : "hazard probe --http asks in HTTP, --origin through a proxy, --dialogue FILE says "
                 "what else clients say (DIALOGUE FILES in man hazard)";
}

int lone_ask(struct probing *probing, struct error *error) {
    void *owner = probing->owner;
    struct probe_report *report = probing->report;
    struct session *session =
        session_start(owner, probing->subject, probing->options, SESSION_UNTRACED, error);
    if (session == NULL)
        return -1;
    if (session->started != WAITED_DONE) {
        struct probe_step_report none = {.note = ""};
        outcome_report_deaf(probing, session, &none);
        return 0;
    }
    session_peers(session, 1);
    struct peer *client = &session->peers[0];
    client->name = "the client";
    session_connect(session, client);
    const char *why = done_unasked(owner, session, client);
    if (why == NULL)
        why = not_served(probing, session, client);
    session_end(session);
    bool ended = session->ended == WAITED_GONE;
    if (why == NULL || (ended && session->outcome.end != RUN_EXITED))
        return 0;
    if (ended)
        why = talloc_asprintf(owner, "the server ended by itself: %s",
                              run_describe(owner, &session->outcome));
    report->outcome = session->outcome;
    report->unsupported =
        talloc_asprintf(owner, "no %s: one client alone is not served: %s; next: %s",
                        script_server(owner, probing->options), why, what_to_do(probing->options));
    return 0;
}
