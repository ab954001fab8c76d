/* SPDX-License-Identifier: MIT */
/*
 * Mutexes and the readers-writer lock. A call that takes or gives back what others see drains the thread's
 * buffer first; one that may fail without a locked instruction does not.
 */
#include <stddef.h>

#include "tests/soak/move.h"

/* --- mutexes --- */

static bool is_free(const struct soak_move *move, int mutex) {
    int owner = move->from->owner[mutex];
    return owner == 0 || (mutex == SOAK_MUTEXES && owner == 1 + move->t);
}

static void take(struct soak_move *move, int mutex) {
    bool again = move->to.owner[mutex] != 0; /* what its owner does, nobody else sees */
    if (!again)
        soak_move_touch(move, SOAK_AT_MUTEX + mutex, SOAK_WRITES);
    move->to.owner[mutex] = (uint8_t)(1 + move->t);
    move->to.known.now[move->t] |= move->to.known.mutex[mutex];
    if (mutex == SOAK_MUTEXES)
        move->to.depth++;
}

static void give(struct soak_move *move, int mutex) {
    if (mutex == SOAK_MUTEXES && --move->to.depth > 0)
        return;
    soak_move_touch(move, SOAK_AT_MUTEX + mutex, SOAK_WRITES);
    move->to.owner[mutex] = 0;
    move->to.known.mutex[mutex] |= move->to.known.now[move->t];
}

static void do_lock(struct soak_move *move) {
    soak_move_begin(move);
    if (!is_free(move, move->op->object))
        return;
    take(move, move->op->object);
    soak_move_on(move);
}

static void do_unlock(struct soak_move *move) {
    soak_move_begin(move);
    give(move, move->op->object);
    soak_move_on(move);
}

static void got(struct soak_move *move) {
    take(move, move->op->object);
    soak_move_result(move, 1);
}

/* It is not free: that much is seen. */
static void looked(struct soak_move *move) {
    soak_move_touch(move, SOAK_AT_MUTEX + move->op->object, SOAK_READS);
}

static void do_trylock(struct soak_move *move) {
    soak_move_begin(move);
    if (is_free(move, move->op->object)) {
        got(move);
    } else {
        looked(move);
        soak_move_past(move);
    }
}

/* One that is not free is waited for; in phase 1, so that it shows. */
static void do_timedlock(struct soak_move *move) {
    struct soak_position *mine = soak_move_begin(move);
    if (is_free(move, move->op->object)) {
        got(move);
        return;
    }
    if (mine->phase == 0)
        looked(move);
    if (soak_move_is_over(move)) {
        soak_move_past(move);
    } else if (mine->phase == 0) {
        mine->phase = 1;
        soak_move_stay(move);
    }
}

static void do_await_try(struct soak_move *move) {
    soak_move_begin(move);
    if (is_free(move, move->op->object)) {
        take(move, move->op->object);
        soak_move_on(move);
    } else {
        looked(move);
        soak_move_stay(move);
    }
}

enum { LOCKS, READS, LEAVES, LEAVES_IN_VAIN };

static void do_await_locked(struct soak_move *move) {
    struct soak_position *mine = soak_move_begin(move);
    int mutex = move->op->object, variable = move->op->other;
    switch (mine->phase) {
    case LOCKS:
        if (!is_free(move, mutex))
            return;
        take(move, mutex);
        mine->phase = READS;
        break;
    case READS:
        soak_move_access(move, variable, false);
        mine->phase = move->to.plain[variable] == move->op->value ? LEAVES : LEAVES_IN_VAIN;
        break;
    case LEAVES:
        give(move, mutex);
        soak_move_on(move);
        return;
    default:
        give(move, mutex);
        mine->phase = LOCKS;
        break;
    }
    soak_move_stay(move);
}

/* --- the readers-writer lock: readers come first --- */

static void read_taken(struct soak_move *move) {
    soak_move_touch(move, SOAK_AT_RWLOCK, SOAK_ADDS);
    move->to.readers++;
    move->to.known.now[move->t] |= move->to.known.written;
}

static void write_taken(struct soak_move *move) {
    soak_move_touch(move, SOAK_AT_RWLOCK, SOAK_WRITES);
    move->to.writer = (uint8_t)(1 + move->t);
    move->to.known.now[move->t] |= move->to.known.written | move->to.known.read;
}

static void do_read_lock(struct soak_move *move) {
    bool tries = move->op->code == SOAK_TRYREAD, is = move->from->writer == 0;
    soak_move_begin(move);
    if (is)
        read_taken(move);
    if (!is && tries) {
        soak_move_touch(move, SOAK_AT_RWLOCK, SOAK_READS);
        soak_move_past(move);
    } else if (is && tries)
        soak_move_result(move, 1);
    else if (is)
        soak_move_on(move);
}

static void do_write_lock(struct soak_move *move) {
    bool tries = move->op->code == SOAK_TRYWRITE;
    bool is = move->from->writer == 0 && move->from->readers == 0;
    soak_move_begin(move);
    if (is)
        write_taken(move);
    if (!is && tries) {
        soak_move_touch(move, SOAK_AT_RWLOCK, SOAK_READS);
        soak_move_past(move);
    } else if (is && tries)
        soak_move_result(move, 1);
    else if (is)
        soak_move_on(move);
}

static void do_read_unlock(struct soak_move *move) {
    soak_move_begin(move);
    soak_move_touch(move, SOAK_AT_RWLOCK, SOAK_ADDS);
    move->to.readers--;
    move->to.known.read |= move->to.known.now[move->t];
    soak_move_on(move);
}

static void do_write_unlock(struct soak_move *move) {
    soak_move_begin(move);
    soak_move_touch(move, SOAK_AT_RWLOCK, SOAK_WRITES);
    move->to.writer = 0;
    move->to.known.written |= move->to.known.now[move->t];
    soak_move_on(move);
}

/* Whoever has the recursive mutex only counts. */
static bool counts(const struct soak_move *move) {
    bool recursive = move->op->object == SOAK_MUTEXES;
    bool is_lock = move->op->code == SOAK_LOCK || move->op->code == SOAK_TRYLOCK ||
                   move->op->code == SOAK_TIMEDLOCK || move->op->code == SOAK_AWAIT_TRY;
    return recursive && is_lock && move->from->owner[SOAK_MUTEXES] == 1 + move->t &&
           (!move->at->leaves || move->from->depth > 1);
}

static bool drains(const struct soak_move *move) {
    bool tries = move->op->code == SOAK_TRYREAD || move->op->code == SOAK_TRYWRITE;
    return !(tries && !move->at->leaves) && !counts(move);
}

bool soak_move_lock(struct soak_move *move) {
    static void (*const enter[SOAK_CODES])(struct soak_move *) = {
        [SOAK_LOCK] = do_lock,
        [SOAK_TRYLOCK] = do_trylock,
        [SOAK_TIMEDLOCK] = do_timedlock,
        [SOAK_AWAIT_TRY] = do_await_try,
        [SOAK_AWAIT_LOCKED] = do_await_locked,
        [SOAK_READ_LOCK] = do_read_lock,
        [SOAK_TRYREAD] = do_read_lock,
        [SOAK_WRITE_LOCK] = do_write_lock,
        [SOAK_TRYWRITE] = do_write_lock,
    };
    static void (*const leave[SOAK_CODES])(struct soak_move *) = {
        [SOAK_LOCK] = do_unlock,
        [SOAK_TRYLOCK] = do_unlock,
        [SOAK_TIMEDLOCK] = do_unlock,
        [SOAK_AWAIT_TRY] = do_unlock,
        [SOAK_READ_LOCK] = do_read_unlock,
        [SOAK_TRYREAD] = do_read_unlock,
        [SOAK_WRITE_LOCK] = do_write_unlock,
        [SOAK_TRYWRITE] = do_write_unlock,
    };
    void (*act)(struct soak_move *) = (move->at->leaves ? leave : enter)[move->op->code];
    if (act != NULL && (soak_move_is_drained(move) || !drains(move)))
        act(move);
    return act != NULL;
}
