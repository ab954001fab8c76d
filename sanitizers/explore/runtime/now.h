/* SPDX-License-Identifier: MIT */
/*
 * The execution at hand, as the kernel's files share it. A static variable: rewound to its
 * beginning with the program's memory.
 */
#ifndef HAZARD_EXPLORE_NOW_H
#define HAZARD_EXPLORE_NOW_H

#include "explore/runtime/kernel.h"
#include "explore/search/search.h"

/* Why a fiber entered the kernel. */
enum request {
    REQUEST_STEP,   /* it came to its next operation: in `pending` */
    REQUEST_CHOOSE, /* one of choose_count, within its step */
    REQUEST_SLEEP,  /* it waits for wake(), or has ended */
    REQUEST_OVER    /* the execution has ended: `ending` says how */
};

enum { WORDS = OP_ACTORS / 64 };

struct execution {
    enum request request;
    int choose_count, choose_kind;
    struct actor_view views[OP_ACTORS]; /* by id */
    uint64_t changed[WORDS];            /* one bit an actor: its view is out of date */
    uint64_t
        guarded[WORDS]; /* ... it is ready, and its operation has a guard, which others change */
    bool stirred;       /* the state of an object changed since the guards were looked at */
    int enabled;        /* how many views are */
    int current;        /* the actor of the last step; -1: none yet */
    struct event event; /* the step in progress, or the last one */
    uint64_t pc;        /* where it stands in the program */
    int index;          /* its index: how many came before it */
    bool over;
    enum ending ending;
    bool exited; /* the process ended, with exit_status */
    int exit_status;
    bool diverged;    /* the program did not do what it did before */
    bool threads_out; /* it wants more threads than there are TLS to borrow */
};
extern struct execution now;

static inline void fiber_changed(const struct fiber *fiber) {
    now.changed[fiber->id / 64] |= UINT64_C(1) << fiber->id % 64;
}

static inline void fiber_guarded(const struct fiber *fiber, bool guarded) {
    uint64_t bit = UINT64_C(1) << fiber->id % 64;
    if (guarded)
        now.guarded[fiber->id / 64] |= bit;
    else
        now.guarded[fiber->id / 64] &= ~bit;
}

static inline bool is_guarded(const struct fiber *fiber) {
    return (now.guarded[fiber->id / 64] >> fiber->id % 64 & 1) != 0;
}

/* operations.c */
_Noreturn void leave(enum ending how); /* from a fiber: the execution is over */
void set_pending(struct fiber *fiber, const struct op *op);
void apply_pending(struct fiber *fiber); /* the deltas of its operation */
void stop_for_debugger(void);            /* if the step just granted is the one to stop at */

/* actors.c */
struct fiber *fiber_make(int id, int parent);
void fiber_before_main(void); /* the main thread's, for constructors */
void clean_stacks(void);      /* of the last execution */

/* judges.c */
void fail(struct shared_finding *finding); /* the execution fails so: sets `ending`, keeps it */
bool judge_overtaking(const struct fiber *fiber);
bool judge_recurrence(struct fiber *fiber); /* true: the execution is over */
void judge_exit(void);
void judge_stuck(void); /* nobody can move */

#endif
