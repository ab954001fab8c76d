/* SPDX-License-Identifier: MIT */
/*
 * Every wait is the same loop: let the clients do what they can; if none of them waits any more,
 * that was it. Otherwise look at the server twice, and if nothing happened in between and nothing
 * can happen (look.c), the wait is over too: proved to be for ever. The time limit is only for
 * servers of which the kernel cannot say that.
 *
 * While the server is traced, run_step is not called: it would take the tracer's stops away.
 */
#include "probe/session.h"

#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/memory.h"
#include "probe/script.h"

#define LOOK_MILLISECONDS 2

/* A server that sleeps over a client's bytes this long waits for something else than the next
 * round of a loop that polls. */
#define LATE_SECONDS 0.25

/* More than there are clients at a time. */
#define SAME_OBJECTS 1000UL

/* What a wait is for. */
enum goal {
    GOAL_LISTENS, /* the server has a listening socket */
    GOAL_CLIENTS, /* no client waits any more */
    GOAL_SETTLED, /* the server has nothing left to do */
    GOAL_ENDED    /* the server is gone */
};

/* ---- The server's side ----------------------------------------------------------------------- */

/* Collects output, lets traced tasks go on. False once the server has ended. */
static bool server_lives(struct session *session) {
    if (session->tracer == NULL)
        return run_step(session->run, 0);
    return !run_interrupted() && !tracer_root_ended(session->tracer);
}

static bool listens(struct session *session) {
    if (!server_listening(run_pid(session->run), &session->address))
        return false;
    const struct sockaddr_storage *at = &session->address.address;
    session->port = ntohs(at->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)at)->sin6_port
                                                    : ((const struct sockaddr_in *)at)->sin_port);
    return true;
}

/* A look at the server. True if nothing has happened since the look before. */
static bool look_again(struct session *session) {
    struct look *before = session->last;
    in_port_t behind = session->origin != NULL ? origin_port(session->origin) : 0;
    session->last = look_take(session, run_pid(session->run), session->port, behind);
    spent_look(&session->spent, &session->last->tree, 0, session->last->sleep);
    bool same = before != NULL && look_same(before, session->last);
    talloc_free(before);
    return same;
}

static bool is_unheard(const struct session *session, const struct tcp_socket *socket) {
    if (session->origin != NULL && socket->remote_port == origin_port(session->origin))
        return socket->unread > 0;
    return socket->local_port == session->port &&
           (socket->unread > 0 || socket->state == TCP_CLOSE_WAIT);
}

/* Has a client asked for what the origin was not asked for yet? (It never may be, if a cache has it.) */
static bool is_unasked(const struct session *session, const struct peer *peer) {
    return session->origin != NULL && !session->same_objects && peer->talker.fd >= 0 &&
           peer->talker.turn > 0 && peer->object > origin_latest(session->origin);
}

/* Has the server heard all that clients have said and done? One that sleeps for good
 * need not have: it never will. */
static bool all_heard(const struct session *session) {
    const struct tcp_table *sockets = &session->last->sockets;
    for (size_t i = 0; i < sockets->count; i++)
        if (is_unheard(session, &sockets->items[i]))
            return false;
    for (size_t i = 0; i < session->peer_count; i++)
        if (is_unasked(session, &session->peers[i]))
            return false;
    return true;
}

/* ---- The clients' side ----------------------------------------------------------------------- */

static bool anybody_waits(const struct session *session) {
    for (size_t i = 0; i < session->peer_count; i++)
        if (talker_waits(&session->peers[i].talker))
            return true;
    return false;
}

/* Lets clients and the origin do what they can, and up to `milliseconds` pass until one of them
 * can do more. True if one could. */
static bool advance_peers(struct session *session, int milliseconds) {
    size_t count = session->peer_count;
    struct pollfd *fds = new_array(session, struct pollfd, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct talker *talker = &session->peers[i].talker;
        fds[i] = (struct pollfd){.fd = talker_waits(talker) ? talker->fd : -1,
                                 .events = talker_events(talker)};
    }
    if (session->origin != NULL)
        fds = origin_poll(session, session->origin, fds, &count);
    bool any = poll(fds, (nfds_t)count, milliseconds) > 0;
    for (size_t i = 0; i < session->peer_count; i++)
        if (fds[i].revents != 0)
            peer_advance(&session->peers[i]);
    if (any && session->origin != NULL)
        origin_advance(session->origin);
    talloc_free(fds);
    return any;
}

/* Calls of clients whose bytes the server has not even looked at. True if one was not known yet. */
static bool note_late_calls(struct session *session) {
    bool news = false;
    for (size_t i = 0; i < session->peer_count; i++) {
        struct peer *peer = &session->peers[i];
        const struct tcp_socket *end =
            look_server_end(session->last, session->port, peer->talker.port);
        bool unheard = end == NULL || end->inode == 0 || end->unread > 0;
        if (talker_waits(&peer->talker) && unheard && !peer->late[peer_call(peer)])
            news = peer->late[peer_call(peer)] = true;
    }
    return news;
}

/* Was one of them cut off by the server? To be asked before they leave. */
static void note_cuts(struct session *session) {
    for (size_t i = 0; i < session->peer_count; i++) {
        const struct talker *talker = &session->peers[i].talker;
        session->cut = session->cut || talker->ended || talker->state == TALKER_CUT;
    }
}

void session_peers(struct session *session, size_t count) {
    note_cuts(session);
    for (size_t i = 0; i < session->peer_count; i++)
        talker_close(&session->peers[i].talker);
    talloc_free(session->peers);
    session->peers = new_array(session, struct peer, count + 1);
    session->peer_count = count;
    for (size_t i = 0; i < count; i++) {
        session->peers[i].name = talloc_asprintf(session, "client %zu", i + 1);
        session->peers[i].number = i + 1;
        session->peers[i].talker.fd = -1;
    }
}

void session_talk(struct session *session) {
    for (size_t i = 0; i < session->peer_count; i++) {
        struct peer *peer = &session->peers[i];
        peer->plan = PEER_TALKS;
        peer->talker.until = (struct talker_stop){peer->talker.dialogue->count, 0};
        peer_advance(peer);
    }
}

void session_connect_as(struct session *session, struct peer *peer,
                        const struct dialogue *dialogue) {
    talker_open(session->peers, &peer->talker, &session->address, dialogue);
}

void session_connect_for(struct session *session, struct peer *peer, enum origin_way way) {
    peer->object = session->same_objects ? peer->number : SAME_OBJECTS + ++session->objects;
    session_connect_as(session, peer,
                       script_object(session->peers, session->origin, way, peer->object));
}

void session_connect(struct session *session, struct peer *peer) {
    if (session->origin != NULL)
        session_connect_for(session, peer, ORIGIN_PROMPT);
    else
        session_connect_as(session, peer,
                           script_usual(session->peers, session->options, peer->number));
}

/* ---- Waiting --------------------------------------------------------------------------------- */

static bool reached(struct session *session, enum goal goal) {
    switch (goal) {
    case GOAL_LISTENS:
        return listens(session);
    case GOAL_CLIENTS:
        return !anybody_waits(session);
    case GOAL_SETTLED: /* only two looks can tell */
    case GOAL_ENDED:
        break;
    }
    return false;
}

/* What is known of a wait under way; all times are the server's own. */
struct watching {
    enum goal goal;
    bool active;     /* a client, or a traced task, has moved since the latest look */
    double moved;    /* when a client moved last */
    double moved_at; /* the same, by clock_seconds */
    double changed;  /* when a look last differed from the one before */
    double unheard;  /* when a look last showed something that the server had not heard */
};

/* Nothing has happened between two looks: is the wait over? */
static enum waited judge_rest(struct session *session, const struct watching *watching) {
    enum rest rest = session->last->rest;
    if (watching->goal == GOAL_SETTLED)
        return rest == REST_ASLEEP || (rest == REST_NAPPING && all_heard(session)) ? WAITED_DONE
                                                                                   : WAITED_TIME_UP;
    if (rest == REST_ASLEEP)
        return WAITED_STUCK;
    bool late = watching->goal == GOAL_CLIENTS &&
                session->spent.seconds - watching->changed >= LATE_SECONDS &&
                note_late_calls(session);
    return late ? WAITED_LATE : WAITED_TIME_UP;
}

/* Takes a look. WAITED_TIME_UP: it shows nothing that would end the wait. */
static enum waited judge_look(struct session *session, struct watching *watching) {
    bool same = look_again(session) && !watching->active;
    double now = session->spent.seconds;
    watching->active = false;
    if (!same)
        watching->changed = now;
    if (!all_heard(session))
        watching->unheard = now;
    /* A server that never rests, because it has a clock of its own, has settled all the same when
     * it has long heard everything. */
    if (watching->goal == GOAL_SETTLED && now - watching->unheard >= LATE_SECONDS)
        return WAITED_DONE;
    return same ? judge_rest(session, watching) : WAITED_TIME_UP;
}

/* Lets clients and traced tasks move. True if one did, and it is too
 * early to see what came of it. */
static bool let_move(struct session *session, struct watching *watching) {
    bool traced = session->tracer != NULL;
    bool client = advance_peers(session, traced && watching->active ? 0 : LOOK_MILLISECONDS);
    bool stops = traced && tracer_pump(session->tracer);
    double now = session->spent.seconds;
    if (client) {
        watching->moved = now;
        watching->moved_at = clock_seconds();
    }
    watching->active = watching->active || client || stops;
    return client || (stops && clock_seconds() - watching->moved_at < LATE_SECONDS / 10);
}

static bool is_time_up(const struct session *session, const struct watching *watching) {
    double most = session->options->call_seconds;
    return session->spent.seconds - watching->moved >= most ||
           clock_seconds() - watching->moved_at >= SPENT_BACKSTOP * most;
}

static enum waited watch(struct session *session, enum goal goal) {
    double now = session->spent.seconds;
    struct watching watching = {goal, true, now, clock_seconds(), now, now};
    while (!is_time_up(session, &watching)) {
        bool moved = let_move(session, &watching);
        if (reached(session, goal))
            return WAITED_DONE;
        if (!server_lives(session))
            return WAITED_GONE;
        enum waited judged = moved ? WAITED_TIME_UP : judge_look(session, &watching);
        if (judged != WAITED_TIME_UP)
            return judged;
    }
    return WAITED_TIME_UP;
}

enum waited session_wait(struct session *session) {
    session->waited = watch(session, GOAL_CLIENTS);
    return session->waited;
}

enum waited session_settle(struct session *session) {
    return watch(session, GOAL_SETTLED);
}

/* ---- Start and end --------------------------------------------------------------------------- */

struct session *session_start(void *owner, const struct subject *subject,
                              const struct probe_options *options, enum session_trace trace,
                              struct error *error) {
    struct session *session = never_null(talloc_zero(owner, struct session));
    session->subject = subject;
    session->options = options;
    if (options->origin && (session->origin = origin_start(session, error)) == NULL) {
        talloc_free(session);
        return NULL;
    }
    struct run_spec spec = {.argv = subject_argv(session, subject, NULL),
                            .limits = options->limits,
                            .may_idle = true,
                            .sleeps_freely = true};
    session->run = run_start(session, &spec, error);
    if (session->run == NULL) {
        talloc_free(session);
        return NULL;
    }
    if (trace != SESSION_UNTRACED)
        session->tracer =
            tracer_start(session, run_pid(session->run),
                         trace == SESSION_TRACE_DEATHS ? TRACE_DEATHS : TRACE_CREATIONS);
    spent_start(&session->spent);
    session->started = watch(session, GOAL_LISTENS);
    look_again(session); /* so that there always is a latest look */
    return session;
}

static size_t survivors(const struct session *session) {
    const struct proc_tree *tree = &session->last->tree;
    size_t count = 0;
    for (size_t i = 0; i < tree->count; i++)
        count += !proc_has_ended(&tree->items[i]) && tree->items[i].pid != run_pid(session->run);
    return count;
}

/* The server is gone; its other processes may still be on their way out. */
static size_t wait_for_survivors(struct session *session) {
    double started = clock_seconds();
    while (clock_seconds() - started < SPENT_BACKSTOP * session->options->call_seconds) {
        bool same = look_again(session);
        if (survivors(session) == 0 || (same && session->last->rest != REST_BUSY))
            break;
        poll(NULL, 0, LOOK_MILLISECONDS);
    }
    return survivors(session);
}

/* Who still serves a client may go on until that leaves. */
static void count_survivors(struct session *session) {
    in_port_t port = session->port;
    session->port = 0; /* what is under way to a server that is gone does not matter */
    size_t first = wait_for_survivors(session);
    session->port = port;
    session_peers(session, 0);
    session->left_behind = first > 0 ? wait_for_survivors(session) : 0;
    session->finished = first - session->left_behind;
}

/* A server that ends closes its connections before it is seen to have ended. */
static void let_end_by_itself(struct session *session) {
    note_cuts(session);
    if (session->cut)
        session_settle(session);
}

void session_end(struct session *session) {
    let_end_by_itself(session);
    if (session->tracer != NULL)
        tracer_end(session->tracer);
    session->tracer = NULL;
    session->ended = WAITED_GONE;
    if (server_lives(session)) {
        kill(run_pid(session->run), SIGTERM);
        enum waited ended = watch(session, GOAL_ENDED);
        session->ended = ended == WAITED_GONE ? WAITED_DONE : ended;
    }
    if (session->ended == WAITED_DONE)
        count_survivors(session);
    run_finish(session->run, &session->outcome);
    session->run = NULL;
    session_peers(session, 0);
    talloc_free(session->origin);
    session->origin = NULL;
}
