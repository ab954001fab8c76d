/* SPDX-License-Identifier: MIT */
/*
 * Plain variables, library calls with hidden state, sleeps and looks at the clock.
 */
#include <stddef.h>

#include "tests/soak/move.h"

enum { LATE = 3600, TOKENS = 4 };

static void do_read(struct soak_move *move) {
    soak_move_begin(move);
    soak_move_access(move, move->op->object, false);
    soak_move_result(move, move->to.plain[move->op->object]);
}

static void do_write(struct soak_move *move) {
    soak_move_begin(move);
    soak_move_access(move, move->op->object, true);
    move->to.plain[move->op->object] = move->op->value;
    soak_move_on(move);
}

/* Threads may share it. */
static void do_rand(struct soak_move *move) {
    soak_move_begin(move);
    soak_move_touch(move, SOAK_AT_RAND, SOAK_WRITES);
    soak_move_result(move, move->machine->random[move->to.randoms++]);
}

/* Threads may not share it: main has taken the first word, and the others are 2, 3, 4. */
static void do_token(struct soak_move *move) {
    soak_move_begin(move);
    soak_move_access(move, SOAK_HIDDEN, true);
    soak_move_touch(move, SOAK_AT_STRTOK, SOAK_WRITES);
    bool any = move->to.tokens < TOKENS - 1;
    move->to.tokens = (uint8_t)(move->to.tokens + any);
    soak_move_result(move, any ? 1 + move->to.tokens : 0);
}

static void do_yield(struct soak_move *move) {
    soak_move_begin(move);
    soak_move_on(move);
}

static void do_sleep(struct soak_move *move) {
    struct soak_position *mine = soak_move_begin(move);
    if (move->machine->timed)
        mine->clock = (uint16_t)(mine->clock + move->op->value);
    soak_move_on(move);
}

static void do_look(struct soak_move *move) {
    const struct soak_model *model = &move->machine->model;
    struct soak_position *mine = soak_move_begin(move);
    bool may = mine->late < model->late && mine->looks < model->looks;
    mine->looks = (uint8_t)(mine->looks + may);
    soak_move_result(move, soak_move_is_over(move));
    if (!may)
        return;
    mine = soak_move_begin(move);
    mine->looks++;
    mine->late++;
    mine->clock = (uint16_t)(mine->clock + LATE);
    soak_move_result(move, 1);
}

bool soak_move_other(struct soak_move *move) {
    static void (*const all[SOAK_CODES])(struct soak_move *) = {
        [SOAK_READ] = do_read,   [SOAK_WRITE] = do_write, [SOAK_RAND] = do_rand,
        [SOAK_TOKEN] = do_token, [SOAK_YIELD] = do_yield, [SOAK_SLEEP] = do_sleep,
        [SOAK_LOOK] = do_look,
    };
    void (*act)(struct soak_move *) = move->at->leaves ? NULL : all[move->op->code];
    if (act != NULL)
        act(move);
    return act != NULL;
}
