/* SPDX-License-Identifier: MIT */
/*
 * The wait-for graph, read from outside.
 *
 * A thread that sleeps in a call on a socket waits for the client at the other end; one in accept,
 * poll, select or epoll_wait waits for any client. Which threads stand in the way of client C?
 *
 *   1. a thread that waits in a call on C's own connection: each waits for the other;
 *   2. else threads that wait for one other client each: they are busy with it, and C must queue;
 *   3. else threads that wait for anybody: the connection of C was taken and then forgotten;
 *   4. else all threads.
 *
 * A proxy that waits for the origin does so for the client whose object that has.
 *
 * The stack of each is shown. Where 2 applies, threads of 3 are shown too, as context: which of the
 * two it is cannot be told from outside when a thread in accept hands its clients on to others. So
 * are threads that wait for a lock: one of them may be C's.
 */
#include "probe/blame.h"

#include <sys/syscall.h>

#include "base/memory.h"
#include "probe/names.h"
#include "run/socket_inode.h"
#include "symbols/stack.h"

#define STACKS_SHOWN 4

/* ---- What a thread waits for ----------------------------------------------------------------- */

enum wait_for {
    FOR_WORDS,   /* of a client: its first argument is a descriptor */
    FOR_READING, /* the same, until the client reads */
    FOR_ANYBODY,
    FOR_LOCK,
    FOR_OTHERS
};

struct call_kind {
    long number;
    const char *name;
    enum wait_for waits_for;
};

static const struct call_kind calls[] = {
    {SYS_read, "read", FOR_WORDS},
    {SYS_readv, "readv", FOR_WORDS},
    {SYS_recvfrom, "recv", FOR_WORDS},
    {SYS_recvmsg, "recvmsg", FOR_WORDS},
    {SYS_write, "write", FOR_READING},
    {SYS_writev, "writev", FOR_READING},
    {SYS_sendto, "send", FOR_READING},
    {SYS_sendmsg, "sendmsg", FOR_READING},
    {SYS_connect, "connect", FOR_OTHERS},
    {SYS_accept, "accept", FOR_ANYBODY},
    {SYS_accept4, "accept4", FOR_ANYBODY},
#ifdef SYS_poll
    {SYS_poll, "poll", FOR_ANYBODY},
#endif
    {SYS_ppoll, "ppoll", FOR_ANYBODY},
#ifdef SYS_select
    {SYS_select, "select", FOR_ANYBODY},
#endif
    {SYS_pselect6, "pselect", FOR_ANYBODY},
#ifdef SYS_epoll_wait
    {SYS_epoll_wait, "epoll_wait", FOR_ANYBODY},
#endif
    {SYS_epoll_pwait, "epoll_pwait", FOR_ANYBODY},
    {SYS_futex, "futex (a lock, or another thread)", FOR_LOCK},
    {SYS_wait4, "wait for a child", FOR_OTHERS},
    {SYS_waitid, "wait for a child", FOR_OTHERS},
#ifdef SYS_pause
    {SYS_pause, "pause", FOR_OTHERS},
#endif
    {SYS_clock_nanosleep, "sleep", FOR_OTHERS},
    {SYS_rt_sigsuspend, "sigsuspend", FOR_OTHERS},
    {SYS_rt_sigtimedwait, "sigwait", FOR_OTHERS},
};

static const struct call_kind *call_kind(long number) {
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
        if (calls[i].number == number)
            return &calls[i];
    return NULL;
}

struct waiter {
    const struct proc *process;
    const struct proc_task *task;
    enum wait_for waits_for;
    const char *call;        /* "read"; NULL: in none that we know */
    const struct peer *peer; /* of a descriptor: at the other end; NULL: nobody we know */
    bool at_origin;          /* at the other end is the origin, which has what the peer asked for */
};

/* Who is at the other end of a descriptor. */
static void find_peer(const struct session *session, struct waiter *waiter, int fd) {
    unsigned long inode = socket_inode(waiter->process->pid, fd);
    for (size_t i = 0; inode != 0 && i < session->peer_count; i++) {
        const struct peer *peer = &session->peers[i];
        const struct tcp_socket *end =
            look_server_end(session->last, session->port, peer->talker.port);
        if (end != NULL && end->inode == inode)
            waiter->peer = peer;
    }
    const struct tcp_socket *socket = look_socket(session->last, inode);
    if (waiter->peer != NULL || socket == NULL || session->origin == NULL ||
        socket->remote_port != origin_port(session->origin))
        return;
    unsigned long asked = origin_asked(session->origin, socket->local_port);
    for (size_t i = 0; asked != 0 && i < session->peer_count; i++)
        if (session->peers[i].object == asked)
            waiter->peer = &session->peers[i];
    waiter->at_origin = waiter->peer != NULL;
}

static bool waits_on_descriptor(enum wait_for waits_for) {
    return waits_for == FOR_WORDS || waits_for == FOR_READING;
}

static struct waiter waiter_of(const struct session *session, const struct proc *process,
                               const struct proc_task *task) {
    struct waiter waiter = {.process = process, .task = task, .waits_for = FOR_OTHERS};
    const struct call_kind *kind = call_kind(task->call);
    if (task->state != 'S' || kind == NULL)
        return waiter;
    waiter.call = kind->name;
    waiter.waits_for = kind->waits_for;
    if (!waits_on_descriptor(kind->waits_for))
        return waiter;
    find_peer(session, &waiter, (int)task->call_args[0]);
    if (waiter.peer == NULL)
        waiter.waits_for = FOR_OTHERS;
    return waiter;
}

struct waiters {
    struct waiter *items;
    size_t count;
};

/* Could this process give the client what it waits for? Only one that has the connection open
 * can keep the end of file from it. */
static bool concerns(const struct session *session, const struct peer *client, pid_t process) {
    const struct tcp_socket *end =
        look_server_end(session->last, session->port, client->talker.port);
    if (peer_call(client) != PROBE_END_OF_FILE || end == NULL || end->inode == 0)
        return true;
    return socket_descriptor(process, end->inode) >= 0;
}

static struct waiters all_waiters(void *owner, const struct session *session,
                                  const struct peer *client) {
    const struct proc_tree *tree = &session->last->tree;
    struct waiters all = {NULL, 0};
    for (size_t i = 0; i < tree->count; i++) {
        if (!concerns(session, client, tree->items[i].living))
            continue;
        for (size_t j = 0; j < tree->items[i].task_count; j++) {
            if (tree->items[i].tasks[j].state == 'Z')
                continue;
            all.items = grow_array(owner, all.items, struct waiter, all.count + 1);
            all.items[all.count++] = waiter_of(session, &tree->items[i], &tree->items[i].tasks[j]);
        }
    }
    return all;
}

/* ---- The finding ----------------------------------------------------------------------------- */

static const char *doing(void *owner, const struct waiter *waiter) {
    if (waiter->call == NULL)
        return waiter->task->state == 'S' ? "sleeps" : "runs";
    switch (waiter->waits_for) {
    case FOR_WORDS:
    case FOR_READING:
        return talloc_asprintf(owner,
                               waiter->at_origin ? "blocked in %s on the socket of %s's origin"
                                                 : "blocked in %s on %s's socket",
                               waiter->call, waiter->peer->name);
    case FOR_ANYBODY:
        return talloc_asprintf(owner, "waits in %s for any client", waiter->call);
    case FOR_LOCK:
    case FOR_OTHERS:
        break;
    }
    return talloc_asprintf(owner, "blocked in %s", waiter->call);
}

static struct location waiter_location(void *owner, const struct session *session,
                                       const struct waiter *waiter) {
    pid_t process = waiter->process->pid, tid = waiter->task->tid;
    struct location location = {
        .actor = names_actor(owner, &session->last->tree, run_pid(session->run), process, tid),
        .doing = doing(owner, waiter)};
    if (stack_of_sleeping(owner, process, tid, &location) != 0)
        location.doing =
            talloc_asprintf(owner, "%s (no line: ptrace is not permitted here)", location.doing);
    return location;
}

typedef bool selector(const struct waiter *waiter, const struct peer *client);

static bool waits_for_this_client(const struct waiter *waiter, const struct peer *client) {
    return waits_on_descriptor(waiter->waits_for) && waiter->peer == client;
}

static bool waits_for_other_client(const struct waiter *waiter, const struct peer *client) {
    return waits_on_descriptor(waiter->waits_for) && waiter->peer != client;
}

static bool waits_for_anybody(const struct waiter *waiter, const struct peer *client) {
    (void)client;
    return waiter->waits_for == FOR_ANYBODY;
}

static bool waits_for_lock(const struct waiter *waiter, const struct peer *client) {
    (void)client;
    return waiter->waits_for == FOR_LOCK;
}

static bool any_waiter(const struct waiter *waiter, const struct peer *client) {
    (void)waiter, (void)client;
    return true;
}

static size_t add_waiters(void *owner, const struct session *session, const struct waiters *all,
                          const struct peer *client, selector *selects, bool context,
                          struct finding *finding) {
    size_t added = 0;
    for (size_t i = 0; i < all->count && added < STACKS_SHOWN; i++) {
        if (!selects(&all->items[i], client))
            continue;
        struct location location = waiter_location(owner, session, &all->items[i]);
        location.context = context;
        finding_add_location(owner, finding, location);
        added++;
    }
    return added;
}

/* "for client 1 (out to lunch)" */
static const char *for_whom(void *owner, const struct waiter *waiter, const struct peer *client) {
    const struct peer *peer = waiter->peer;
    if (waiter->waits_for == FOR_ANYBODY)
        return "for any client";
    const char *mood =
        peer->mood != NULL && peer != client ? talloc_asprintf(owner, " (%s)", peer->mood) : "";
    if (waiter->at_origin)
        return talloc_asprintf(owner, "for %s's origin%s", peer->name, mood);
    if (peer != client)
        return talloc_asprintf(owner, "for %s%s", peer->name, mood);
    return waiter->waits_for == FOR_READING
               ? talloc_asprintf(owner, "until %s reads: each waits for the other", peer->name)
               : talloc_asprintf(owner, "for more from %s: each waits for the other", peer->name);
}

static const struct waiter *first_waiter(const struct waiters *all, const struct peer *client,
                                         selector *selects) {
    for (size_t i = 0; i < all->count; i++)
        if (selects(&all->items[i], client))
            return &all->items[i];
    return NULL;
}

static const char *explain(void *owner, const struct session *session, const struct waiter *waiter,
                           const struct location *at, const struct peer *client) {
    enum probe_call call = peer_call(client);
    const char *waits = call == PROBE_END_OF_FILE
                            ? "waits for the end of file from"
                            : talloc_asprintf(owner, "waits in %s for", probe_call_name(call));
    if (waiter == NULL || at == NULL)
        return talloc_asprintf(owner, "%s %s a server that has no thread left", client->name,
                               waits);
    const char *place = names_place(owner, at, &session->subject->sources);
    const char *subject =
        talloc_asprintf(owner, "%s %s the %s, which", client->name, waits, at->actor);
    if (waiter->waits_for == FOR_LOCK || waiter->waits_for == FOR_OTHERS)
        return talloc_asprintf(owner, "%s %s%s at %s", subject, waiter->call != NULL ? "is " : "",
                               doing(owner, waiter), place);
    return talloc_asprintf(owner, "%s waits in %s at %s %s", subject, waiter->call, place,
                           for_whom(owner, waiter, client));
}

struct finding blame_wait(void *owner, const struct session *session, const struct peer *client) {
    static selector *const rules[] = {waits_for_this_client, waits_for_other_client,
                                      waits_for_anybody, any_waiter};
    struct finding finding = {.kind = KIND_BLOCKED_CLIENT};
    struct waiters all = all_waiters(owner, session, client);
    size_t rule = 0, last = sizeof rules / sizeof rules[0] - 1;
    while (rule < last && first_waiter(&all, client, rules[rule]) == NULL)
        rule++;
    add_waiters(owner, session, &all, client, rules[rule], false, &finding);
    if (rules[rule] == waits_for_other_client) {
        add_waiters(owner, session, &all, client, waits_for_lock, true, &finding);
        add_waiters(owner, session, &all, client, waits_for_anybody, true, &finding);
    }

    finding.message =
        explain(owner, session, first_waiter(&all, client, rules[rule]), finding.locations, client);
    const char *blocked =
        peer_call(client) == PROBE_END_OF_FILE
            ? "blocked in read, at the end of file"
            : talloc_asprintf(owner, "blocked in %s", probe_call_name(peer_call(client)));
    finding_add_location(owner, &finding,
                         (struct location){.actor = client->name, .doing = blocked});
    return finding;
}

/* ---- Why ------------------------------------------------------------------------------------- */

static const char *where_bytes_are(void *owner, const struct session *session,
                                   const struct peer *client) {
    const struct tcp_socket *end =
        look_server_end(session->last, session->port, client->talker.port);
    switch (peer_call(client)) {
    case PROBE_CONNECT:
        return "the server's queue of connections is full";
    case PROBE_END_OF_FILE:
        return "the server has not closed the connection";
    case PROBE_WRITE:
    case PROBE_READ:
    case PROBE_CALL_COUNT:
        break;
    }
    const char *noun = client->talker.dialogue->noun;
    bool says_nothing = dialogue_find(client->talker.dialogue, TURN_SEND, 0) >= client->talker.turn;
    if (end == NULL || end->inode == 0)
        return says_nothing
                   ? "the server has not accepted the connection"
                   : talloc_asprintf(
                         owner,
                         "the kernel holds the %s, and the server has not accepted the connection",
                         noun);
    if (end->unread > 0)
        return talloc_asprintf(owner, "%u bytes of the %s lie unread in the server's queue",
                               end->unread, noun);
    return says_nothing
               ? "the server says nothing"
               : talloc_asprintf(owner, "the server has read the %s, and not answered", noun);
}

static size_t thread_count(const struct proc_tree *tree) {
    size_t count = 0;
    for (size_t i = 0; i < tree->count; i++)
        count += proc_has_ended(&tree->items[i]) ? 0 : tree->items[i].task_count;
    return count;
}

static const char *what_threads_do(void *owner, const struct look *look) {
    size_t threads = thread_count(&look->tree);
    switch (look->rest) {
    case REST_ASLEEP:
        return threads == 1 ? "its only thread sleeps"
                            : talloc_asprintf(owner, "all its %zu threads sleep", threads);
    case REST_NAPPING:
        return "its threads sleep, but a time-out or a timer may wake one";
    case REST_BUSY:
        break;
    }
    return "it is still at work";
}

const char *blame_why(void *owner, const struct session *session, const struct peer *client) {
    return talloc_asprintf(owner, "%s; %s", where_bytes_are(owner, session, client),
                           what_threads_do(owner, session->last));
}
