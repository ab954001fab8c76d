/* SPDX-License-Identifier: MIT */
/* The interpreter of synthetic programs: one execution, step by step. */
#ifndef HAZARD_TESTS_SEARCH_SYNTHETIC_MACHINE_H
#define HAZARD_TESTS_SEARCH_SYNTHETIC_MACHINE_H

#include "tests/search/synthetic.h"

enum status { STATUS_LATE, STATUS_READY, STATUS_WAITING, STATUS_RELOCK, STATUS_ENDED };

struct machine_thread {
    int32_t pc, reg[SYN_REGISTERS];
    int32_t enabled_by;
    int32_t ticket; /* its place among those who wait on a condition */
    int32_t spurious;
    uint8_t status; /* enum status */
    uint8_t condition, mutex;
    bool yields;
};

struct machine {
    const struct program *program;
    int32_t memory[SYN_OBJECTS], sync[SYN_OBJECTS], ended[SYN_THREADS];
    struct machine_thread thread[SYN_THREADS];
    int32_t events, tickets;
    int current;
    bool failed, exited;
    struct op pending[SYN_THREADS];
    struct actor_view actors[SYN_THREADS];
};

/* How a step asks for its alternative; a negative answer ends the execution. */
struct chooser {
    int (*choose)(void *data, int n, enum choice kind);
    void *data;
};

void machine_start(struct machine *machine, const struct program *program);
void machine_copy(struct machine *to, const struct machine *from);
struct view machine_view(struct machine *machine); /* its actors point into the machine */
bool machine_step(struct machine *machine, int actor, const struct chooser *chooser,
                  struct event *event);
bool machine_stuck(const struct machine *machine, const struct view *view);
uint64_t machine_hash(const struct machine *machine);

#endif
