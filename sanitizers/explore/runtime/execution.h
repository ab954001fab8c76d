/* SPDX-License-Identifier: MIT */
/* The execution at hand: `execution`. A static variable: rewound to its beginning with the program's memory. */
#ifndef HAZARD_EXPLORE_RUNTIME_EXECUTION_H
#define HAZARD_EXPLORE_RUNTIME_EXECUTION_H

#include "explore/runtime/fiber.h"
#include "explore/runtime/lasting.h"
#include "explore/search/search.h"

/* Why a fiber entered the kernel. */
enum request {
    REQUEST_STEP,   /* it came to its next operation: in `pending` */
    REQUEST_CHOOSE, /* one of choose_count, within its step */
    REQUEST_SLEEP,  /* it waits for step_wake(), or has ended */
    REQUEST_OVER    /* the execution has ended: `ending` says how */
};

enum { WORDS = OP_ACTORS / 64 };

/* Of sets with one bit an actor: those that can have some. */
static inline int words_in_use(void) {
    return (fiber_count + 63) / 64;
}

struct execution {
    enum request request;
    int choose_count, choose_kind;
    struct actor_view views[OP_ACTORS]; /* by id */
    uint64_t changed[WORDS];            /* one bit an actor: its view is out of date */
    uint64_t
        guarded[WORDS]; /* ... it is ready, and its operation has a guard, which others change */
    uint64_t stirred[WORDS];             /* ... only what its guards look at has changed */
    int enabled;                         /* how many views are */
    int current;                         /* the actor of the last step; -1: none yet */
    struct event event;                  /* the step in progress, or the last one... */
    struct object *objects[OP_ACCESSES]; /* ... and the objects of its accesses; NULL: no state */
    uint64_t pc;                         /* where it stands in the program */
    int index;                           /* its index: how many came before it */
    bool over;
    enum ending ending;
    bool exited; /* the process ended, with exit_status */
    int exit_status;
    int asked;       /* decisions of a search over states; the steps between them are forced */
    int forced;      /* steps since the latest */
    bool ends_asked; /* somebody asked whether a thread has ended, and did not wait for it */
    bool unordered;  /* a step came out as it did by what does not happen before it: past_after.c */
    bool assumed;  /* a thread's assumption does not hold: only what fails before its end counts */
    bool diverged; /* the program did not do what it did before */
    bool threads_out; /* it wants more threads than there are TLS to borrow */
};
extern INTERNAL struct execution execution;

static inline void fiber_changed(const struct fiber *fiber) {
    execution.changed[fiber->id / 64] |= UINT64_C(1) << fiber->id % 64;
}

/* Notes who made the step in progress, for the schedule that shows this execution. */
static inline void execution_keep_decision(void) {
    uint8_t *pair = lasting->schedule + 2 * (ptrdiff_t)execution.index;
    pair[0] = execution.event.actor;
    pair[1] = execution.event.alternative;
}

/* The schedule so far, in pairs (actor, alternative); its steps. */
int execution_schedule(uint8_t **pairs);

#endif
