/* SPDX-License-Identifier: MIT */
/* Recurring states: await loops and livelock. */
#ifndef HAZARD_EXPLORE_RUNTIME_RECUR_H
#define HAZARD_EXPLORE_RUNTIME_RECUR_H

#include <stdbool.h>

#include "explore/runtime/fiber.h"
#include "explore/shared.h"

enum recurrence {
    RECUR_NOT,
    RECUR_AWAITS,    /* the fiber is disabled until others have moved */
    RECUR_REDUNDANT, /* this execution was tried already, with one round less */
    RECUR_BY_CHOICE, /* the program may leave the cycle by other values that it asks for */
    RECUR_LIVELOCK   /* *finding says it */
};
void recur_begin(void);

/* The execution went back to a checkpoint. */
void recur_back(void);
void recur_moved(struct fiber *fiber, const struct event *event, int index);
enum recurrence recur_check(struct fiber *fiber, struct shared_finding *finding);
/* It has gone round in a cycle since that step. */
void recur_say_cycle(struct shared_finding *finding, int since);
bool recur_release(void); /* nobody can move: those that await go on, unless they only read */

/* Of what only that thread can see, and of all. */
uint64_t recur_own_hash(const struct fiber *fiber);
uint64_t recur_whole_hash(void);

#endif
