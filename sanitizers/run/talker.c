/* SPDX-License-Identifier: MIT */
#include "run/talker.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/hearing.h"

#define MOST_HEARD (16U << 20) /* bytes that no turn takes */

static bool is_over(const struct talker *talker) {
    return talker->fd < 0 || talker->state == TALKER_CUT || talker->state == TALKER_WRONG;
}

static void cut(struct talker *talker, enum talker_state cut_in, int cause) {
    talker->state = TALKER_CUT;
    talker->cut_in = cut_in;
    talker->cause = cause;
}

/* ---- Connecting ------------------------------------------------------------------------------ */

static void note_own_port(struct talker *talker) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } own = {.v6 = {0}};
    socklen_t length = sizeof own;
    if (getsockname(talker->fd, &own.any, &length) == 0)
        talker->port = ntohs(own.any.sa_family == AF_INET6 ? own.v6.sin6_port : own.v4.sin_port);
}

void talker_open(void *owner, struct talker *talker, const struct server_address *address,
                 const struct dialogue *dialogue) {
    *talker =
        (struct talker){.owner = owner, .dialogue = dialogue, .until = {.turn = dialogue->count}};
    talker->fd =
        socket(address->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (talker->fd < 0) {
        cut(talker, TALKER_CONNECTING, errno);
        return;
    }
    int result = connect(talker->fd, (const struct sockaddr *)&address->address, address->length);
    if (result != 0 && errno != EINPROGRESS)
        cut(talker, TALKER_CONNECTING, errno);
    note_own_port(talker);
}

/* POLLOUT comes when the connection stands or has failed; SO_ERROR tells which. */
static bool is_connected(struct talker *talker) {
    struct pollfd writable = {.fd = talker->fd, .events = POLLOUT};
    if (talker->state != TALKER_CONNECTING)
        return true;
    if (poll(&writable, 1, 0) <= 0)
        return false;
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(talker->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0)
        cut(talker, TALKER_CONNECTING, error);
    return error == 0;
}

/* ---- Hearing --------------------------------------------------------------------------------- */

static void keep(struct talker *talker, const char *block, size_t length) {
    talker->heard =
        grow_array(talker->owner, talker->heard, char, talker->heard_length + length + 1);
    memcpy(talker->heard + talker->heard_length, block, length);
    talker->heard_length += length;
    talker->heard[talker->heard_length] = '\0';
}

static void take_what_came(struct talker *talker) {
    char block[16384];
    while (!talker->ended && talker->heard_length < MOST_HEARD) {
        ssize_t got = recv(talker->fd, block, sizeof block, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got > 0) {
            keep(talker, block, (size_t)got);
            continue;
        }
        talker->ended = true;
        talker->cause = got == 0 ? 0 : errno;
    }
}

/* True when the turn is over. */
static bool hear(struct talker *talker, const struct turn *turn) {
    const char *bytes = talker->heard != NULL ? talker->heard : "";
    struct hearing hearing =
        hearing_of(talker->owner, turn, bytes, talker->heard_length, talker->ended);
    talker->state = TALKER_HEARING;
    if (hearing.heard == HEARD_MORE && talker->heard_length >= MOST_HEARD)
        hearing = (struct hearing){.heard = HEARD_WRONG,
                                   .why = "more than 16 MB came, and there is no end"};
    if (hearing.heard == HEARD_WRONG) {
        talker->state = TALKER_WRONG;
        talker->why = hearing.why;
        talker->misled = hearing.misled;
    }
    if (hearing.heard == HEARD_MORE && talker->ended)
        cut(talker, TALKER_HEARING, talker->cause);
    if (hearing.heard != HEARD_ALL)
        return false;
    talker->heard_length -= hearing.used;
    if (hearing.used > 0)
        memmove(talker->heard, talker->heard + hearing.used, talker->heard_length + 1);
    return true;
}

/* ---- Saying ---------------------------------------------------------------------------------- */

/* True when all of it that may be said now is. */
static bool say(struct talker *talker, const struct turn *turn) {
    size_t end = talker->turn == talker->until.turn ? talker->until.bytes : turn->length;
    while (talker->sent < end) {
        ssize_t sent = send(talker->fd, turn->text + talker->sent, end - talker->sent,
                            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno != EAGAIN)
            cut(talker, TALKER_SENDING, errno);
        else if (sent < 0)
            talker->state = TALKER_SENDING;
        if (sent < 0)
            return false;
        talker->sent += (size_t)sent;
    }
    return true;
}

static void end_writing(struct talker *talker) {
    if (!talker->said_all)
        shutdown(talker->fd, SHUT_WR);
    talker->said_all = true;
}

/* Has it said its last word, in a dialogue that it plays to the end? */
static bool has_said_all(const struct talker *talker) {
    return talker->until.turn == talker->dialogue->count &&
           dialogue_find(talker->dialogue, TURN_SEND, talker->turn) == talker->dialogue->count;
}

/* ---- Turn by turn ---------------------------------------------------------------------------- */

/* True when it has gone on to the next turn. */
static bool play_turn(struct talker *talker) {
    const struct turn *turn = &talker->dialogue->turns[talker->turn];
    switch (turn->kind) {
    case TURN_SEND:
        if (!say(talker, turn))
            return false;
        break;
    case TURN_SEND_END:
        end_writing(talker);
        break;
    case TURN_PAUSE:
        break;
    case TURN_EXPECT:
    case TURN_LINE:
    case TURN_RESPONSE:
    case TURN_END:
        if (!hear(talker, turn))
            return false;
        break;
    }
    talker->turn++;
    talker->sent = 0;
    return true;
}

static void come_to_stop(struct talker *talker) {
    bool at_end = talker->until.turn == talker->dialogue->count;
    if (!at_end && talker->until.bytes > 0 && !say(talker, &talker->dialogue->turns[talker->turn]))
        return;
    bool wants_end = at_end && talker->half_closes;
    talker->state = wants_end && !talker->ended ? TALKER_ENDING : TALKER_CONTENT;
    if (wants_end && talker->ended && talker->cause != 0)
        cut(talker, TALKER_ENDING, talker->cause);
}

void talker_advance(struct talker *talker) {
    if (is_over(talker) || !is_connected(talker))
        return;
    take_what_came(talker);
    do {
        if (talker->half_closes && has_said_all(talker))
            end_writing(talker);
        if (talker->turn == talker->until.turn) {
            come_to_stop(talker);
            return;
        }
    } while (play_turn(talker));
}

void talker_go_on(struct talker *talker) {
    talker->until = (struct talker_stop){.turn = talker->dialogue->count};
    talker_advance(talker);
}

short talker_events(const struct talker *talker) {
    bool writes = talker->state == TALKER_CONNECTING || talker->state == TALKER_SENDING;
    return (short)((talker->ended ? 0 : POLLIN) | (writes ? POLLOUT : 0));
}

bool talker_waits(const struct talker *talker) {
    return talker->fd >= 0 && talker->state < TALKER_CONTENT;
}

void talker_close(struct talker *talker) {
    if (talker->fd >= 0)
        close(talker->fd);
    talker->fd = -1;
}

void talker_reset(struct talker *talker) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (talker->fd >= 0)
        setsockopt(talker->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    talker_close(talker);
}
