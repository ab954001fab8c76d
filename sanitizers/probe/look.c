/* SPDX-License-Identifier: MIT */
/*
 * When can nothing happen any more?
 *
 * The server's processes, our clients and the kernel between them are a closed system: whatever
 * happens next in it, either a thread of the server does, or a client, or the kernel brings bytes
 * from one to the other, or a time-out ends. So if
 *
 *   - every thread sleeps, in a call that is known and has no time-out (neither in its arguments,
 *     nor as SO_RCVTIMEO or SO_SNDTIMEO of its socket), and no timer is armed, and
 *   - no byte and no handshake is under way on any connection of the server, and
 *   - a second look finds not a nanosecond of processor time used since the first (so what the
 *     first look saw one after the other was true at one moment),
 *
 * then nothing moves before a client does. Signals from outside the system are not counted.
 *
 * A server behind it (origin.c) is ours as the clients are: what is under way to it and from it
 * counts as well.
 *
 * A handshake, or what was written to a connection whose handshake is unfinished, is also at rest
 * when the server's accept queue is not empty: the kernel holds it back until the server accepts.
 */
#include "probe/look.h"

#include "base/memory.h"
#include "run/tcp_table_read.h"

/* ---- Bytes under way ------------------------------------------------------------------------- */

unsigned look_unaccepted(const struct look *look) {
    unsigned count = 0;
    for (size_t i = 0; i < look->sockets.count; i++)
        if (look->sockets.items[i].state == TCP_LISTEN &&
            look->sockets.items[i].local_port == look->port)
            count += look->sockets.items[i].unread;
    return count;
}

unsigned look_room(const struct look *look) {
    unsigned room = 0;
    for (size_t i = 0; i < look->sockets.count; i++)
        if (look->sockets.items[i].state == TCP_LISTEN &&
            look->sockets.items[i].local_port == look->port)
            room += look->sockets.items[i].backlog;
    unsigned taken = look_unaccepted(look);
    return room > taken ? room - taken : taken == 0;
}

const struct tcp_socket *look_server_end(const struct look *look, in_port_t server_port,
                                         in_port_t client_port) {
    for (size_t i = 0; i < look->sockets.count; i++) {
        const struct tcp_socket *s = &look->sockets.items[i];
        if (s->local_port == server_port && s->remote_port == client_port &&
            s->state != TCP_LISTEN && s->state != TCP_SYN_RECV)
            return s;
    }
    return NULL;
}

const struct tcp_socket *look_socket(const struct look *look, unsigned long inode) {
    for (size_t i = 0; inode != 0 && i < look->sockets.count; i++)
        if (look->sockets.items[i].inode == inode)
            return &look->sockets.items[i];
    return NULL;
}

static bool is_handshake(int state) {
    return state == TCP_SYN_SENT || state == TCP_SYN_RECV;
}

static bool is_closing(int state) {
    return state == TCP_FIN_WAIT1 || state == TCP_CLOSING || state == TCP_LAST_ACK;
}

static bool under_way(const struct look *look, const struct tcp_socket *s, in_port_t port) {
    if (s->state == TCP_LISTEN ||
        (s->unsent == 0 && !is_handshake(s->state) && !is_closing(s->state)))
        return false;
    bool held_back =
        look_unaccepted(look) > 0 &&
        (is_handshake(s->state) ||
         (s->remote_port == port && look_server_end(look, port, s->local_port) == NULL));
    return !held_back;
}

/* ---- All of it ------------------------------------------------------------------------------- */

static enum rest whole_rest(const struct look *look, in_port_t port) {
    for (size_t i = 0; i < look->sockets.count; i++)
        if (under_way(look, &look->sockets.items[i], port))
            return REST_BUSY;
    return look->sleep;
}

/* ---- Comparing ------------------------------------------------------------------------------- */

/* FNV-1a, a byte at a time. */
static uint64_t mix(uint64_t hash, unsigned long long value) {
    for (int i = 0; i < 8; i++, value >>= 8)
        hash = (hash ^ (value & 0xff)) * 0x100000001b3ULL;
    return hash;
}

static uint64_t print_of(const struct look *look) {
    uint64_t hash = 0xcbf29ce484222325ULL;
    for (size_t i = 0; i < look->tree.count; i++) {
        const struct proc *process = &look->tree.items[i];
        hash = mix(mix(hash, (unsigned long long)process->pid), (unsigned char)process->state);
        for (size_t j = 0; j < process->task_count; j++) {
            const struct proc_task *task = &process->tasks[j];
            hash = mix(mix(hash, (unsigned long long)task->tid), (unsigned char)task->state);
            hash = mix(mix(hash, task->cpu_ns), (unsigned long long)task->call);
        }
    }
    for (size_t i = 0; i < look->sockets.count; i++) {
        const struct tcp_socket *s = &look->sockets.items[i];
        hash = mix(mix(mix(hash, s->local_port), s->remote_port), (unsigned)s->state);
        hash = mix(mix(mix(hash, s->unread), s->unsent), s->inode);
    }
    return hash;
}

/* One answer of the kernel's for both ports: it is the dearest part of a look. */
static struct tcp_table sockets_at(void *owner, in_port_t port, in_port_t origin_port) {
    struct tcp_table kept = {NULL, 0}, all = tcp_table_read(owner, origin_port != 0 ? 0 : port);
    if (origin_port == 0)
        return all;
    for (size_t i = 0; i < all.count; i++) {
        const struct tcp_socket *one = &all.items[i];
        bool in_front = one->local_port == port || one->remote_port == port;
        tcp_table_add(owner, in_front ? port : origin_port, &kept, *one);
    }
    return kept;
}

struct look *look_take(void *owner, pid_t root, in_port_t port, in_port_t origin_port) {
    struct look *look = never_null(talloc_zero(owner, struct look));
    look->port = port;
    if (port != 0)
        look->sockets = sockets_at(look, port, origin_port);
    look->tree = proc_tree_read(look, root);
    look->sleep = rest_of_tree(&look->tree, REST_NO_TOOL);
    look->rest = whole_rest(look, port);
    look->print = print_of(look);
    return look;
}

bool look_same(const struct look *a, const struct look *b) {
    return a->rest == b->rest && a->print == b->print;
}
