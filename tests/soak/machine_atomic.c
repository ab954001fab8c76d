/* SPDX-License-Identifier: MIT */
/*
 * Atomics: values by the memory model, happens-before by C11 5.1.2.4 and 7.17.4.
 */
#include <string.h>

#include "tests/soak/move.h"

static bool acquires(int order) {
    return order == SOAK_ACQUIRE || order == SOAK_BOTH || order == SOAK_SEQ_CST;
}

static bool releases(int order) {
    return order == SOAK_RELEASE || order == SOAK_BOTH || order == SOAK_SEQ_CST;
}

/* --- happens-before --- */

static soak_records offers(const struct soak_offer *offer) {
    soak_records all = 0;
    for (int t = 0; t < SOAK_THREADS; t++)
        all |= offer->by[t];
    return all;
}

static void takes(struct soak_move *move, int object, int order) {
    struct soak_known *known = &move->to.known;
    soak_records offered = offers(&known->atomic[object]);
    known->seen[move->t] |= offered;
    if (acquires(order))
        known->now[move->t] |= offered;
}

/* What a store of that order passes on: all, or what the last release fence said. */
static soak_records passes_on(const struct soak_move *move, int order) {
    const struct soak_known *known = &move->to.known;
    return releases(order) ? known->now[move->t] : known->offered[move->t];
}

/* A store ends the release sequences of others, and its own if it is relaxed and the rule short. */
static void offer_anew(struct soak_move *move, int object, soak_records records, bool release) {
    struct soak_offer *offer = &move->to.known.atomic[object];
    soak_records own = offer->by[move->t];
    memset(offer, 0, sizeof *offer);
    offer->by[move->t] = records;
    if (!release && move->machine->model.long_sequences)
        offer->by[move->t] |= own;
}

/* A read-modify-write goes on with all of them, and begins one. */
static void offer_more(struct soak_move *move, int object, int order) {
    move->to.known.atomic[object].by[move->t] |= passes_on(move, order);
}

/* --- memory --- */

static int load(struct soak_move *move, int object, int order) {
    const struct soak_position *mine = soak_mine(move);
    for (int i = mine->stores - 1; i >= 0; i--)
        if (mine->buffer[i].object == object)
            return mine->buffer[i].value;
    soak_move_touch(move, SOAK_AT_ATOMIC + object, SOAK_READS);
    takes(move, object, order);
    return move->to.atomic[object];
}

/* False: not before the buffer is empty. */
static bool store(struct soak_move *move, int object, int value, int order) {
    struct soak_position *mine = soak_mine(move);
    soak_records records = passes_on(move, order);
    if (move->machine->model.memory == SOAK_SC || order == SOAK_SEQ_CST) {
        soak_move_touch(move, SOAK_AT_ATOMIC + object, SOAK_WRITES);
        offer_anew(move, object, records, releases(order));
        move->to.atomic[object] = (uint8_t)value;
        return soak_move_is_drained(move);
    }
    mine->buffer[mine->stores] =
        (struct soak_buffered){(uint8_t)object, (uint8_t)value, releases(order)};
    move->to.known.buffered[move->t][mine->stores++] = records;
    return true;
}

void soak_move_flush(struct soak_move *move) {
    struct soak_position *mine = soak_move_begin(move);
    soak_records *records = move->to.known.buffered[move->t];
    struct soak_buffered first = mine->buffer[0];
    soak_move_touch(move, SOAK_AT_ATOMIC + first.object, SOAK_WRITES);
    offer_anew(move, first.object, records[0], first.releases);
    move->to.atomic[first.object] = first.value;
    mine->stores--;
    memmove(mine->buffer, mine->buffer + 1, sizeof mine->buffer - sizeof first);
    memmove(records, records + 1, (SOAK_BUFFER - 1) * sizeof *records);
    mine->buffer[SOAK_BUFFER - 1] = (struct soak_buffered){0};
    records[SOAK_BUFFER - 1] = 0;
    move->machine->arrive(move->machine->data, &move->to, SOAK_THREADS + move->t);
}

/* Reads and writes; the caller says what. */
static void modify(struct soak_move *move, int value) {
    const struct soak_op *op = move->op;
    soak_move_touch(move, SOAK_AT_ATOMIC + op->object, SOAK_WRITES);
    takes(move, op->object, op->order);
    offer_more(move, op->object, op->order);
    move->to.atomic[op->object] = (uint8_t)value;
}

/* --- operations --- */

static void do_load(struct soak_move *move) {
    soak_move_begin(move);
    soak_move_result(move, load(move, move->op->object, move->op->order));
}

static void do_store(struct soak_move *move) {
    const struct soak_op *op = move->op;
    struct soak_position *mine = soak_move_begin(move);
    int value = op->code == SOAK_COPY ? mine->reg[op->other] + 1 : op->value;
    if (store(move, op->object, value, op->order))
        soak_move_on(move);
}

static void do_modify(struct soak_move *move) {
    const struct soak_op *op = move->op;
    int old = move->from->atomic[op->object];
    if (!soak_move_is_drained(move))
        return;
    soak_move_begin(move);
    modify(move, op->code == SOAK_ADD ? old + op->value : op->value);
    soak_move_result(move, old);
}

/* As a compare-exchange: succeeds, or fails, or, if weak, may fail for nothing. */
static void compare(struct soak_move *move, int expect, bool weak,
                    void (*succeeds)(struct soak_move *), void (*fails)(struct soak_move *)) {
    const struct soak_op *op = move->op;
    bool equal = move->from->atomic[op->object] == expect;
    if (!soak_move_is_drained(move))
        return;
    struct soak_position *mine = soak_move_begin(move);
    bool may_fail = weak && equal && mine->weak < move->machine->model.weak;
    if (equal) {
        modify(move, op->value);
        succeeds(move);
    }
    if (equal && !may_fail)
        return;
    mine = soak_move_begin(move);
    mine->weak = (uint8_t)(mine->weak + may_fail);
    soak_move_touch(move, SOAK_AT_ATOMIC + op->object, SOAK_READS);
    takes(move, op->object, op->failure);
    fails(move);
}

static void exchanged(struct soak_move *move) {
    soak_move_result(move, SOAK_EXCHANGED);
}

static void not_exchanged(struct soak_move *move) {
    soak_move_result(move, move->to.atomic[move->op->object]);
}

static void do_fence(struct soak_move *move) {
    const struct soak_op *op = move->op;
    if (op->order == SOAK_SEQ_CST && !soak_move_is_drained(move))
        return;
    soak_move_begin(move);
    struct soak_known *known = &move->to.known;
    if (acquires(op->order))
        known->now[move->t] |= known->seen[move->t];
    if (releases(op->order))
        known->offered[move->t] = known->now[move->t];
    soak_move_on(move);
}

/* --- loops --- */

static void do_await(struct soak_move *move) {
    soak_move_begin(move);
    if (load(move, move->op->object, move->op->order) == move->op->value)
        soak_move_on(move);
    else
        soak_move_stay(move);
}

static void do_await_cas(struct soak_move *move) {
    compare(move, 0, true, soak_move_on, soak_move_stay);
}

static void do_await_swap(struct soak_move *move) {
    if (!soak_move_is_drained(move))
        return;
    soak_move_begin(move);
    bool got = move->to.atomic[move->op->object] == 0;
    modify(move, 1);
    if (got)
        soak_move_on(move);
    else
        soak_move_stay(move);
}

static void leave(struct soak_move *move) {
    soak_move_begin(move);
    if (store(move, move->op->object, 0, move->op->other))
        soak_move_on(move);
}

static void do_spin(struct soak_move *move) {
    const struct soak_op *op = move->op;
    struct soak_position *mine = soak_move_begin(move);
    bool is = load(move, op->object, op->order) == op->value;
    mine->count = (uint8_t)(mine->count + !is);
    if (is || mine->count == op->other)
        soak_move_result(move, mine->count);
    else
        soak_move_stay(move);
}

static void do_spin_rand(struct soak_move *move) {
    const struct soak_op *op = move->op;
    struct soak_position *mine = soak_move_begin(move);
    if (mine->phase == 1) {
        mine->phase = 0;
        if (load(move, op->object, op->order) == op->value)
            soak_move_result(move, 1);
        else
            soak_move_stay(move);
        return;
    }
    mine->phase = 1;
    soak_move_touch(move, SOAK_AT_RAND, SOAK_WRITES);
    if (move->machine->random[move->to.randoms++] == 0)
        soak_move_result(move, 0);
    else
        soak_move_stay(move);
}

bool soak_move_atomic(struct soak_move *move) {
    if (move->at->leaves) {
        bool mine = move->op->code == SOAK_AWAIT_CAS || move->op->code == SOAK_AWAIT_SWAP;
        if (mine)
            leave(move);
        return mine;
    }
    static void (*const all[SOAK_CODES])(struct soak_move *) = {
        [SOAK_LOAD] = do_load,
        [SOAK_STORE] = do_store,
        [SOAK_COPY] = do_store,
        [SOAK_EXCHANGE] = do_modify,
        [SOAK_ADD] = do_modify,
        [SOAK_FENCE] = do_fence,
        [SOAK_AWAIT] = do_await,
        [SOAK_AWAIT_CAS] = do_await_cas,
        [SOAK_AWAIT_SWAP] = do_await_swap,
        [SOAK_SPIN] = do_spin,
        [SOAK_SPIN_RAND] = do_spin_rand,
    };
    if (move->op->code == SOAK_CAS || move->op->code == SOAK_CAS_WEAK)
        compare(move, move->op->expect, move->op->code == SOAK_CAS_WEAK, exchanged, not_exchanged);
    else if (all[move->op->code] != NULL)
        all[move->op->code](move);
    else
        return false;
    return true;
}
