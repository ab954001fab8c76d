/* SPDX-License-Identifier: MIT */
/*
 * Condition variables and semaphores, and time-outs. A wait on a condition variable, sem_wait and sem_post
 * drain the thread's buffer first.
 */
#include <stddef.h>

#include "tests/soak/move.h"

/* Phases of a wait on a condition variable. */
enum { LEAVES, WAITS, WOKEN, TIMED_OUT, LOOKED };

static bool is_timed(const struct soak_move *move) {
    return move->op->code == SOAK_TIMEDWAIT;
}

/* If its time is over for sure, it need not wait. */
static void leave(struct soak_move *move) {
    int mutex = move->op->object;
    soak_move_touch(move, SOAK_AT_COND + mutex, SOAK_WRITES);
    soak_move_touch(move, SOAK_AT_MUTEX + mutex, SOAK_WRITES);
    soak_move_touch(move, SOAK_AT_COND + mutex, SOAK_WRITES); /* one operation: one time */
    move->to.owner[mutex] = 0;
    move->to.known.mutex[mutex] |= move->to.known.now[move->t];
    bool over = is_timed(move) && soak_move_is_over(move);
    soak_mine(move)->phase = over ? TIMED_OUT : WAITS;
    soak_move_stay(move);
}

/* The mutex again; a wait for a variable's value then looks at it. */
static void relock(struct soak_move *move) {
    struct soak_position *mine = soak_mine(move);
    int mutex = move->op->object, result = mine->phase == TIMED_OUT;
    if (move->to.owner[mutex] != 0)
        return;
    soak_move_touch(move, SOAK_AT_MUTEX + mutex, SOAK_WRITES);
    move->to.owner[mutex] = (uint8_t)(1 + move->t);
    move->to.known.now[move->t] |= move->to.known.mutex[mutex];
    if (move->op->code == SOAK_WAIT_FOR) {
        mine->phase = LEAVES;
        soak_move_stay(move);
    } else if (is_timed(move)) {
        soak_move_result(move, result);
    } else {
        soak_move_on(move);
    }
}

static void look(struct soak_move *move) {
    int variable = move->op->other;
    soak_move_access(move, variable, false);
    if (move->to.plain[variable] == move->op->value) {
        soak_move_on(move);
    } else {
        soak_mine(move)->phase = LOOKED;
        soak_move_stay(move);
    }
}

/* It waits; its time may be over for sure. */
static void linger(struct soak_move *move) {
    if (!is_timed(move) || !soak_move_is_over(move))
        return;
    soak_mine(move)->phase = TIMED_OUT;
    soak_move_stay(move);
}

static void do_wait(struct soak_move *move) {
    struct soak_position *mine = soak_move_begin(move);
    switch (mine->phase) {
    case LEAVES:
        if (move->op->code == SOAK_WAIT_FOR)
            look(move);
        else
            leave(move);
        break;
    case LOOKED:
        leave(move);
        break;
    case WAITS:
        linger(move);
        break;
    default:
        relock(move);
        break;
    }
}

static bool waits_on_some(const struct soak_move *move, int t, const struct soak_op **op) {
    const struct soak_position *position = &move->from->thread[t];
    if (position->pc == move->machine->length[t] || position->phase != WAITS)
        return false;
    *op = move->machine->code[t][position->pc].op;
    return (*op)->code == SOAK_WAIT || (*op)->code == SOAK_WAIT_FOR ||
           (*op)->code == SOAK_TIMEDWAIT;
}

static bool waits_on(const struct soak_move *move, int t, int cond) {
    const struct soak_op *op;
    return waits_on_some(move, t, &op) && op->object == cond;
}

/* Not before who wakes it. */
static void wake(struct soak_move *move, int t) {
    struct soak_position *woken = &move->to.thread[t];
    uint16_t clock = soak_mine(move)->clock;
    woken->phase = WOKEN;
    woken->clock = woken->clock < clock ? clock : woken->clock;
}

/* One of those that wait: each is another way to go on. */
static void do_signal(struct soak_move *move) {
    bool any = false;
    for (int t = 0; t < move->machine->program->threads; t++) {
        if (!waits_on(move, t, move->op->object))
            continue;
        any = true;
        soak_move_begin(move);
        soak_move_touch(move, SOAK_AT_COND + move->op->object, SOAK_WRITES);
        wake(move, t);
        soak_move_on(move);
    }
    if (any)
        return;
    soak_move_begin(move);
    soak_move_touch(move, SOAK_AT_COND + move->op->object, SOAK_READS);
    soak_move_on(move);
}

static void do_broadcast(struct soak_move *move) {
    bool any = false;
    for (int t = 0; t < move->machine->program->threads; t++)
        any = any || waits_on(move, t, move->op->object);
    soak_move_begin(move);
    soak_move_touch(move, SOAK_AT_COND + move->op->object, any ? SOAK_WRITES : SOAK_READS);
    for (int t = 0; t < move->machine->program->threads; t++)
        if (waits_on(move, t, move->op->object))
            wake(move, t);
    soak_move_on(move);
}

/* --- semaphores --- */

static bool take(struct soak_move *move) {
    int object = move->op->object;
    soak_move_begin(move);
    if (move->to.semaphore[object] == 0)
        return false;
    soak_move_touch(move, SOAK_AT_SEMAPHORE + object, SOAK_WRITES);
    move->to.semaphore[object]--;
    move->to.known.now[move->t] |= move->to.known.semaphore[object];
    return true;
}

static void do_sem_wait(struct soak_move *move) {
    if (take(move))
        soak_move_on(move);
}

/* There is none: that much is seen. */
static void looked(struct soak_move *move) {
    soak_move_touch(move, SOAK_AT_SEMAPHORE + move->op->object, SOAK_READS);
}

static void do_sem_trywait(struct soak_move *move) {
    bool got = take(move);
    if (!got)
        looked(move);
    soak_move_result(move, got);
}

static void do_sem_timedwait(struct soak_move *move) {
    if (take(move)) {
        soak_move_result(move, 1);
        return;
    }
    if (soak_mine(move)->phase == 0)
        looked(move);
    if (soak_move_is_over(move)) {
        soak_move_result(move, 0);
    } else if (soak_mine(move)->phase == 0) {
        soak_mine(move)->phase = 1;
        soak_move_stay(move);
    }
}

static void do_await_sem(struct soak_move *move) {
    if (take(move)) {
        soak_move_on(move);
    } else {
        looked(move);
        soak_move_stay(move);
    }
}

static void do_sem_post(struct soak_move *move) {
    int object = move->op->object;
    soak_move_begin(move);
    soak_move_touch(move, SOAK_AT_SEMAPHORE + object, SOAK_ADDS);
    move->to.semaphore[object]++;
    move->to.known.semaphore[object] |= move->to.known.now[move->t];
    soak_move_on(move);
}

/* --- time-outs --- */

int soak_move_deadline(const struct soak_move *move) {
    int code = move->op->code;
    bool timed = code == SOAK_TIMEDWAIT || code == SOAK_TIMEDLOCK || code == SOAK_SEM_TIMEDWAIT;
    bool waits = move->from->thread[move->t].phase == 1 && !move->at->leaves;
    return timed && waits && move->from->thread[move->t].clock < move->op->value ? move->op->value
                                                                                 : -1;
}

void soak_move_time_out(struct soak_move *move, bool early) {
    int deadline = soak_move_deadline(move);
    struct soak_position *mine = soak_move_begin(move);
    mine->timeouts = (uint8_t)(mine->timeouts + early);
    mine->clock = (uint16_t)deadline;
    if (!early) { /* everybody waited for that */
        struct soak_state *to = &move->to;
        mine->clock = mine->clock < to->latest_of_all ? to->latest_of_all : mine->clock;
        to->floor = to->latest_of_all = mine->clock;
    }
    if (move->op->code == SOAK_TIMEDLOCK) {
        soak_move_past(move);
    } else if (move->op->code == SOAK_SEM_TIMEDWAIT) {
        soak_move_result(move, 0);
    } else {
        mine->phase = TIMED_OUT;
        soak_move_stay(move);
    }
}

void soak_move_early(struct soak_move *move) {
    const struct soak_model *model = &move->machine->model;
    const struct soak_op *op;
    struct soak_position *mine = soak_move_begin(move);
    if (waits_on_some(move, move->t, &op) && mine->spurious < model->spurious) {
        mine->spurious++;
        mine->phase = WOKEN;
        soak_move_stay(move);
    }
    if (soak_move_deadline(move) >= 0 && mine->timeouts < model->timeouts)
        soak_move_time_out(move, true);
}

bool soak_move_wait(struct soak_move *move) {
    static void (*const all[SOAK_CODES])(struct soak_move *) = {
        [SOAK_WAIT] = do_wait,
        [SOAK_WAIT_FOR] = do_wait,
        [SOAK_TIMEDWAIT] = do_wait,
        [SOAK_SIGNAL] = do_signal,
        [SOAK_BROADCAST] = do_broadcast,
        [SOAK_SEM_WAIT] = do_sem_wait,
        [SOAK_SEM_TRYWAIT] = do_sem_trywait,
        [SOAK_SEM_TIMEDWAIT] = do_sem_timedwait,
        [SOAK_AWAIT_SEM] = do_await_sem,
        [SOAK_SEM_POST] = do_sem_post,
    };
    void (*act)(struct soak_move *) = move->at->leaves ? NULL : all[move->op->code];
    bool drains = act == do_wait || act == do_sem_wait || act == do_sem_post;
    if (act != NULL && (!drains || soak_move_is_drained(move)))
        act(move);
    return act != NULL;
}
