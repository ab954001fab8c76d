/* SPDX-License-Identifier: MIT */
#include "probe/outcome.h"

#include <string.h>

#include "base/memory.h"
#include "probe/names.h"
#include "run/run_describe.h"

#define TRIES 3 /* a crash that chance brought may need several to come back */

static bool crashed(const struct session *session) {
    return session->ended == WAITED_GONE && session->outcome.end == RUN_SIGNALED;
}

static const struct trace_event *death_of_server(const struct tracer *tracer, pid_t server) {
    size_t count;
    const struct trace_event *events = tracer_events(tracer, &count);
    for (size_t i = 0; i < count; i++)
        if (events[i].what == TRACE_DEATH && events[i].process == server)
            return &events[i];
    return NULL;
}

static struct location death_location(void *owner, pid_t server, const struct trace_event *death) {
    struct location location = death->where;
    location.actor = death->tid == server ? "server process" : "a thread of the server";
    const char *name = sigabbrev_np((int)death->result);
    location.doing = talloc_asprintf(owner, "gets SIG%s", name != NULL ? name : "?");
    return location;
}

/* Plays the step again, traced. The location stays without frames if that
 * does not bring the crash back. */
static int find_crash(struct probing *probing, probe_step_player *again, struct location *location,
                      struct error *error) {
    const char *excuse = "not seen again under ptrace";
    for (int i = 0; i < TRIES && location->frame_count == 0; i++) {
        struct session *session = session_start(probing->owner, probing->subject, probing->options,
                                                SESSION_TRACE_DEATHS, error);
        if (session == NULL)
            return -1;
        if (session->tracer == NULL)
            excuse = "ptrace is not permitted here";
        struct probe_report scratch_report = {0};
        struct probing scratch = *probing;
        scratch.report = &scratch_report;
        struct probe_step_report scratch_step = {0};
        if (session->started == WAITED_DONE && session->tracer != NULL)
            again(&scratch, session, &scratch_step);
        const struct tracer *tracer = session->tracer;
        pid_t server = run_pid(session->run);
        session_end(session); /* which lets it die */
        const struct trace_event *death = tracer == NULL ? NULL : death_of_server(tracer, server);
        if (death != NULL)
            *location = death_location(probing->owner, server, death);
    }
    if (location->frame_count == 0)
        location->doing =
            talloc_asprintf(probing->owner, "%s (no line: %s)", location->doing, excuse);
    return 0;
}

static int report_crash(struct probing *probing, const struct session *session,
                        struct probe_step_report *step, probe_step_player *again,
                        struct error *error) {
    void *owner = probing->owner;
    const char *how = run_describe(owner, &session->outcome);
    struct location location = {.actor = "server process", .doing = how};
    if (find_crash(probing, again, &location, error) != 0)
        return -1;
    const char *at =
        location.frame_count == 0
            ? ""
            : talloc_asprintf(owner, " at %s",
                              names_place(owner, &location, &probing->subject->sources));
    enum probe_step which = (enum probe_step)(step - probing->report->steps);
    struct finding finding = {.kind = KIND_CRASH,
                              .message = talloc_asprintf(owner, "the server was %s%s (in step %s)",
                                                         how, at, probe_step_name(which))};
    finding_add_location(owner, &finding, location);
    probing_found(probing, step, finding);
    return 0;
}

/* The last line that it wrote to stderr, which often says why. */
static const char *last_words(void *owner, const struct run_outcome *outcome) {
    size_t length = strlen(outcome->errors);
    while (length > 0 && outcome->errors[length - 1] == '\n')
        length--;
    size_t start = length;
    while (start > 0 && outcome->errors[start - 1] != '\n')
        start--;
    return length == 0
               ? ""
               : talloc_asprintf(owner, " (%.*s)", (int)(length - start), outcome->errors + start);
}

static void report_early_exit(struct probing *probing, const struct session *session,
                              struct probe_step_report *step) {
    enum probe_step which = (enum probe_step)(step - probing->report->steps);
    struct finding finding = {
        .kind = KIND_EXIT,
        .message =
            talloc_asprintf(probing->owner, "the server ended by itself in step %s: %s%s",
                            probe_step_name(which), run_describe(probing->owner, &session->outcome),
                            last_words(probing->owner, &session->outcome))};
    finding_add_location(probing->owner, &finding,
                         (struct location){.actor = "server process", .doing = "ends"});
    probing_found(probing, step, finding);
}

/* The report keeps how the worst of all servers ended: the first that did not end as it should. */
static void keep_outcome(struct probe_report *report, const struct session *session) {
    bool kept_is_good = report->outcome.end == RUN_EXITED && report->outcome.status == 0;
    if (report->outcome.output == NULL || kept_is_good)
        report->outcome = session->outcome;
}

void outcome_report_deaf(struct probing *probing, struct session *session,
                         struct probe_step_report *step) {
    session_end(session);
    const char *how = session->ended == WAITED_GONE ? run_explain(probing->owner, &session->outcome)
                                                    : "it waits for something else";
    const char *why = talloc_asprintf(probing->owner, "it never listens on a TCP port: %s", how);
    if (session->outcome.end == RUN_INTERRUPTED && run_interrupted())
        why = "interrupted";
    step->result = STEP_UNDECIDED;
    step->note = why;
    if (probing->report->outcome.output == NULL) {
        probing->report->unsupported = why;
        probing->report->outcome = session->outcome;
    }
}

/* A client whose call failed although the server lives: it was promised an echo. */
static void find_failed_client(struct probing *probing, struct probe_step_report *step) {
    for (size_t i = 0; i < step->client_count; i++) {
        const struct probe_client *client = &step->clients[i];
        for (enum probe_call call = 0; call < PROBE_CALL_COUNT; call++) {
            if (client->calls[call] != CALL_FAILED)
                continue;
            struct finding finding = {
                .kind = KIND_ASSERTION,
                .message = talloc_asprintf(probing->owner, "%s: %s", client->name, client->why)};
            finding_add_location(
                probing->owner, &finding,
                (struct location){.actor = client->name, .doing = probe_call_name(call)});
            probing_found(probing, step, finding);
            return;
        }
    }
}

int outcome_report(struct probing *probing, struct session *session, struct probe_step_report *step,
                   probe_step_player *again, struct error *error) {
    session_end(session);
    keep_outcome(probing->report, session);
    if (session->ended != WAITED_GONE) {
        find_failed_client(probing, step);
        return 0;
    }
    if (crashed(session))
        return report_crash(probing, session, step, again, error);
    if (session->outcome.end == RUN_EXITED) {
        report_early_exit(probing, session, step);
    } else {
        step->result = STEP_UNDECIDED;
        step->note = run_describe(probing->owner, &session->outcome);
    }
    return 0;
}
