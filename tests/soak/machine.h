/* SPDX-License-Identifier: MIT */
/*
 * The interpreter's machine: what each thread of a program can do next in a state, as C11 and POSIX
 * have it, and within the bounds that docs/explore.md names. It shares nothing with explore.
 *
 * Time: each thread has a clock, which shows the earliest time that it can be there: not before an
 * operation that came before at the same place, and that it depends on.
 */
#ifndef HAZARD_TESTS_SOAK_MACHINE_H
#define HAZARD_TESTS_SOAK_MACHINE_H

#include "tests/soak/state.h"

enum soak_memory { SOAK_SC, SOAK_TSO };

struct soak_model {
    enum soak_memory memory;
    bool long_sequences; /* C11, C17: relaxed stores of its thread go on with a release sequence */
    int spurious, weak, timeouts, late, looks; /* explore's bounds */
};

enum { SOAK_RANDOMS = 200 };

/* An operation, or the end of its block. */
struct soak_instruction {
    const struct soak_op *op;
    bool leaves;
    uint8_t skip; /* where it goes on without the block */
};

struct soak_machine {
    struct soak_model model;
    const struct soak_program *program;
    bool timed; /* else nobody can tell how time passes, and it does not */
    struct soak_instruction code[SOAK_THREADS][2 * SOAK_LENGTH];
    int length[SOAK_THREADS];
    uint8_t random[SOAK_RANDOMS]; /* what rand() % 4 comes to */
    /* Told of each state that follows. */
    void (*arrive)(void *data, const struct soak_state *to, int actor);
    void *data;
    bool raced; /* on the way from any state so far */
};

void soak_machine_make(struct soak_machine *machine, const struct soak_program *program,
                       const struct soak_model *model);
void soak_machine_start(const struct soak_machine *machine, struct soak_state *state);

/* All that can follow. A bit for each actor that can move, or will: waking up for nothing and early
 * time-outs are not in it, but that a time runs out in the end is. */
unsigned soak_machine_step(struct soak_machine *machine, const struct soak_state *from);

bool soak_machine_is_over(const struct soak_machine *machine, const struct soak_state *state);
bool soak_machine_has_ended(const struct soak_machine *machine, const struct soak_state *state,
                            int t);
void soak_machine_outcome(const struct soak_state *state, uint8_t outcome[SOAK_OUTCOME]);

#endif
