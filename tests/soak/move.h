/* SPDX-License-Identifier: MIT */
/*
 * One move of one thread, for those who say what the operations do: machine_*.c. Each makes a copy of
 * the state, changes it, and lets it arrive; several times if there is a choice, never if it must wait.
 */
#ifndef HAZARD_TESTS_SOAK_MOVE_H
#define HAZARD_TESTS_SOAK_MOVE_H

#include "tests/soak/machine.h"

struct soak_move {
    struct soak_machine *machine;
    const struct soak_state *from;
    const struct soak_instruction *at;
    const struct soak_op *op;
    int t;
    struct soak_state to; /* the copy */
};

static inline struct soak_position *soak_mine(struct soak_move *move) {
    return &move->to.thread[move->t];
}

/* The copy, afresh. */
struct soak_position *soak_move_begin(struct soak_move *move);

/* The copy is a state that follows: as it is, or with the operation done. */
void soak_move_stay(struct soak_move *move);
void soak_move_on(struct soak_move *move);
void soak_move_past(struct soak_move *move); /* without its block */
void soak_move_result(struct soak_move *move, int result);

/* A plain access: was it a race? */
void soak_move_access(struct soak_move *move, int variable, bool write);

/* The operation is one at that place: it is not earlier than those that it depends on. */
void soak_move_touch(struct soak_move *move, int place, enum soak_mode mode);

/* Is the deadline over for sure? */
bool soak_move_is_over(const struct soak_move *move);

/* Each returns false if the operation is none of its own. */
bool soak_move_atomic(struct soak_move *move);
bool soak_move_lock(struct soak_move *move);
bool soak_move_wait(struct soak_move *move);
bool soak_move_other(struct soak_move *move);

/* What the bounds allow: to wake up for nothing, to time out early. */
void soak_move_early(struct soak_move *move);

/* The wait ends at its deadline; `early`: that counts for the bound. */
void soak_move_time_out(struct soak_move *move, bool early);

/* The deadline of the wait that the thread is in; -1: of none. */
int soak_move_deadline(const struct soak_move *move);

/* Have all of the thread's stores reached memory? */
static inline bool soak_move_is_drained(const struct soak_move *move) {
    return move->from->thread[move->t].stores == 0;
}

/* The oldest store of the thread's buffer reaches memory. */
void soak_move_flush(struct soak_move *move);

#endif
