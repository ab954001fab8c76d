/* SPDX-License-Identifier: MIT */
#include "probe/step_lunch.h"

#include <talloc.h>

#include "probe/blame.h"
#include "probe/client_report.h"
#include "probe/script.h"
#include "probe/serve.h"

static const char *afterwards(const struct peer *client) {
    return client->talker.state == TALKER_CONTENT
               ? "client 2 was served once client 1 had left"
               : "client 2 was not served even after client 1 had left";
}

/* Client 1 comes as far as that, and the server has turned to it, if it ever does. */
static struct peer *keep_waiting(struct session *session, const char *mood,
                                 struct talker_stop until) {
    session_peers(session, 2);
    struct peer *first = &session->peers[0];
    session_connect(session, first);
    first->talker.until = until;
    session_wait(session);
    session_settle(session);
    first->mood = mood;
    return first;
}

void step_lunch(struct probing *probing, struct session *session, struct probe_step_report *step) {
    struct talker_stop until = {0, 0};
    const struct dialogue *dialogue = probing->options->dialogue;
    size_t pause = dialogue != NULL ? dialogue_find(dialogue, TURN_PAUSE, 0) : 0;
    if (dialogue != NULL && pause < dialogue->count)
        until.turn = pause;
    struct peer *first = keep_waiting(session, "out to lunch", until), *second = first + 1;
    if (until.turn > 0)
        step->note = talloc_asprintf(probing->owner, "client 1 is kept at the pause, %s:%d",
                                     dialogue->path, dialogue->turns[until.turn].line);
    session_connect(session, second);
    serve(probing, session, step);
    client_report(probing, session, first, step);
    client_report(probing, session, second, step);
    if (!talker_waits(&second->talker))
        return;
    talker_close(&first->talker);
    session_wait(session);
    step->note = *step->note == '\0'
                     ? afterwards(second)
                     : talloc_asprintf(probing->owner, "%s; %s", step->note, afterwards(second));
}

/* A server that took half of what it says for good has lost it. */
static void finish_line(struct probing *probing, struct session *session, struct peer *client,
                        struct probe_step_report *step) {
    client->mood = NULL;
    client->may_be_cut = !script_is_echo(probing->options); /* half a request is none */
    talker_go_on(&client->talker);
    session_wait(session);
    if (talker_waits(&client->talker) && session->waited != WAITED_GONE)
        probing_found(probing, step, blame_wait(probing->owner, session, client));
    step->note = talloc_asprintf(probing->owner, "client 1 then finished its %s, and was %s",
                                 client->talker.dialogue->noun,
                                 client->talker.state == TALKER_CONTENT ? "served" : "not served");
}

/* Half of its first word, after what the server says before. */
static struct talker_stop half_way(const struct dialogue *dialogue) {
    size_t says = dialogue_find(dialogue, TURN_SEND, 0);
    bool any = says < dialogue->count;
    return (struct talker_stop){any ? says : 0, any ? dialogue->turns[says].length / 2 : 0};
}

void step_partial_line(struct probing *probing, struct session *session,
                       struct probe_step_report *step) {
    const struct dialogue *usual = script_usual(session, probing->options, 1);
    const char *mood = talloc_asprintf(session, "in the middle of a %s", usual->noun);
    struct peer *first = keep_waiting(session, mood, half_way(usual)), *second = first + 1;
    session_connect(session, second);
    serve(probing, session, step);
    client_report(probing, session, second, step);
    finish_line(probing, session, first, step);
    client_report_first(probing, session, first, step);
    if (!talker_waits(&second->talker))
        return;
    talker_close(&first->talker);
    session_wait(session);
    step->note = talloc_asprintf(probing->owner, "%s; %s", step->note, afterwards(second));
}
