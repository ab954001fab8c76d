/* SPDX-License-Identifier: MIT */
/*
 * What stays behind in the server when clients have come and gone?
 *
 * First the figures, of a server that is not traced: after 20 connections, after 200, and evenly
 * between. What grows from each to the next is a leak. Clients come in small batches, so that
 * children end together (one SIGCHLD for several) and pools are at their full size by the first
 * sample; a server that cannot have two clients at once gets them one by one.
 *
 * A caching proxy keeps what clients ask for. So it is played twice: clients that ask for objects of
 * their own show what else it keeps, and clients that ask for the same few whether memory grows.
 *
 * Then the line, in a second server under ptrace: who created the zombie, the descriptor that is
 * still open, the thread that is still there, the memory that was asked for?
 */
#include "probe/step_leaks.h"

#include <string.h>

#include "base/memory.h"
#include "probe/blame.h"
#include "probe/client_report.h"
#include "probe/culprit.h"
#include "probe/outcome.h"

#define BATCH 5
#define WARM_UP 5
#define TRACED_AT_MOST 60

static const int samples_at[PROBE_SAMPLES] = {20, 65, 110, 155, 200};

#define ALL_LEAKS ((1U << LEAK_COUNT) - 1)

static const struct leak_pass {
    bool same_objects;
    unsigned judged; /* bit 1 << leak */
} usual_pass = {false, ALL_LEAKS},
  proxy_passes[] = {{false, ALL_LEAKS & ~(1U << LEAK_MEMORY)}, {true, 1U << LEAK_MEMORY}};

/* ---- Figures --------------------------------------------------------------------------------- */

/* `count` clients connect, are served, and then leave together. */
static enum waited serve_batch(struct session *session, size_t count) {
    session_peers(session, count);
    for (size_t i = 0; i < count; i++)
        session_connect(session, &session->peers[i]);
    enum waited waited = session_wait(session);
    while (waited == WAITED_LATE && count == 1)
        waited = session_wait(session);
    for (size_t i = 0; i < count && waited == WAITED_DONE; i++)
        if (session->peers[i].talker.state != TALKER_CONTENT)
            waited = WAITED_STUCK;
    return waited;
}

/* If a client is not served, the session's clients stay as they are, so that it can be seen why. */
static enum waited serve_connections(struct session *session, int count, int batch) {
    for (int served = 0; served < count; served += batch) {
        enum waited waited = serve_batch(session, (size_t)batch);
        if (waited != WAITED_DONE)
            return waited;
    }
    session_peers(session, 0);
    return session_settle(session) == WAITED_GONE ? WAITED_GONE : WAITED_DONE;
}

static enum waited take_samples(struct probe_report *report, struct session *session, int batch) {
    int connections = 0;
    report->figure_count = 0;
    while (report->figure_count < PROBE_SAMPLES) {
        int next = samples_at[report->figure_count];
        enum waited waited = serve_connections(session, next - connections, batch);
        if (waited != WAITED_DONE)
            return waited;
        connections = next;
        report->figures[report->figure_count++] = figures_read(&session->last->tree, connections);
    }
    return WAITED_DONE;
}

/* ---- The line -------------------------------------------------------------------------------- */

/* Leaks to be explained: bit 1 << leak. */
static unsigned leaks_shown(const struct probe_report *report, unsigned judged) {
    unsigned shown = 0;
    for (enum leak leak = 0; leak < LEAK_COUNT; leak++)
        if (figures_leak(leak, report->figures, report->figure_count))
            shown |= 1U << leak;
    if ((shown & 1U << LEAK_THREADS) != 0)
        shown &= ~(1U << LEAK_MEMORY); /* the threads' own */
    if ((shown & 1U << LEAK_THREADS) != 0 &&
        figures_leak_processes(&report->figures[0], &report->figures[report->figure_count - 1]))
        shown &= ~(1U << LEAK_DESCRIPTORS); /* the processes' own */
    return shown & judged;
}

static bool all_explained(const struct session *session, unsigned shown,
                          const struct probe_figures *first, const struct probe_figures *last) {
    for (enum leak leak = 0; leak < LEAK_COUNT; leak++)
        if ((shown & 1U << leak) != 0 && culprit_find(session, leak, first, last) == NULL)
            return false;
    return true;
}

/* Connections under ptrace, until each leak has been seen to be made. */
static void leak_again(struct session *session, unsigned shown, int batch,
                       const struct probe_figures *first, const struct probe_figures *last) {
    serve_connections(session, WARM_UP, batch);
    tracer_forget(session->tracer);
    for (int made = 0; made < TRACED_AT_MOST; made += batch)
        if (serve_connections(session, batch, batch) != WAITED_DONE ||
            all_explained(session, shown, first, last))
            return;
}

static int explain_leaks(struct probing *probing, const struct leak_pass *pass, unsigned shown,
                         int batch, struct probe_step_report *step, struct error *error) {
    const struct probe_figures *first = &probing->report->figures[0];
    const struct probe_figures *last = &probing->report->figures[PROBE_SAMPLES - 1];
    struct session *session = session_start(probing->owner, probing->subject, probing->options,
                                            SESSION_TRACE_CREATIONS, error);
    if (session == NULL)
        return -1;
    session->same_objects = pass->same_objects;
    bool traced = session->tracer != NULL && session->started == WAITED_DONE;
    if (traced)
        leak_again(session, shown, batch, first, last);
    const char *excuse =
        session->tracer == NULL ? "ptrace is not permitted here" : "not seen again under ptrace";
    for (enum leak leak = 0; leak < LEAK_COUNT; leak++) {
        if ((shown & 1U << leak) == 0)
            continue;
        const struct trace_event *event = traced ? culprit_find(session, leak, first, last) : NULL;
        probing_found(probing, step,
                      culprit_finding(probing->owner, session, leak, first, last, event, excuse));
    }
    session_end(session);
    return 0;
}

/* ---- The step -------------------------------------------------------------------------------- */

/* For looking again at a crash. */
static void play_connections(struct probing *probing, struct session *session,
                             struct probe_step_report *step) {
    (void)probing, (void)step;
    serve_connections(session, TRACED_AT_MOST, BATCH);
}

static void report_unserved(struct probing *probing, struct session *session,
                            struct probe_step_report *step) {
    const struct peer *client = &session->peers[0];
    if (talker_waits(&client->talker))
        probing_found(probing, step, blame_wait(probing->owner, session, client));
    client_report(probing, session, client, step);
}

static int sample_server(struct probing *probing, const struct leak_pass *pass,
                         struct probe_step_report *step, int batch, enum waited *waited,
                         struct error *error) {
    struct session *session =
        session_start(probing->owner, probing->subject, probing->options, SESSION_UNTRACED, error);
    if (session == NULL)
        return -1;
    if (session->started != WAITED_DONE) {
        *waited = WAITED_GONE;
        outcome_report_deaf(probing, session, step);
        return 0;
    }
    session->same_objects = pass->same_objects;
    *waited = take_samples(probing->report, session, batch);
    if (*waited != WAITED_DONE && *waited != WAITED_GONE && batch == 1)
        report_unserved(probing, session, step);
    session_peers(session, 0);
    return outcome_report(probing, session, step, play_connections, error);
}

static int play_pass(struct probing *probing, const struct leak_pass *pass,
                     struct probe_step_report *step, struct error *error) {
    int batch = BATCH;
    enum waited waited;
    if (sample_server(probing, pass, step, batch, &waited, error) != 0)
        return -1;
    if (waited != WAITED_DONE && waited != WAITED_GONE) {
        batch = 1;
        if (sample_server(probing, pass, step, batch, &waited, error) != 0)
            return -1;
    }
    if (waited != WAITED_DONE) {
        if (step->result == STEP_PASSED)
            step->result = STEP_UNDECIDED;
        if (step->note[0] == '\0')
            step->note = "not all of the 200 clients were served";
        return 0;
    }
    struct probe_report *report = probing->report;
    unsigned shown = leaks_shown(report, pass->judged);
    step->note = "";
    if (shown != 0)
        return explain_leaks(probing, pass, shown, batch, step, error);
    step->note = figures_growth(probing->owner, report->figures, report->figure_count);
    return 0;
}

int step_leaks(struct probing *probing, struct probe_step_report *step, struct error *error) {
    struct probe_report *report = probing->report;
    if (!probing->options->origin)
        return play_pass(probing, &usual_pass, step, error);
    if (play_pass(probing, &proxy_passes[0], step, error) != 0)
        return -1;
    if (step->result == STEP_UNDECIDED)
        return 0;
    /* The table and the note are of the pass that shows a leak. */
    bool found = step->result == STEP_FAILED;
    struct probe_report first = *report;
    if (play_pass(probing, &proxy_passes[1], step, error) != 0)
        return -1;
    if (found) {
        memcpy(report->figures, first.figures, sizeof report->figures);
        report->figure_count = first.figure_count;
        step->note = "";
    }
    return 0;
}
