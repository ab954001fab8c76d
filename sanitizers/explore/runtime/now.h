/* SPDX-License-Identifier: MIT */
/*
 * The execution at hand, as the kernel's files share it. A static variable: rewound to its beginning with
 * the program's memory.
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

struct execution {
    enum request request;
    int choose_count, choose_kind;
    struct actor_view views[OP_ACTORS]; /* by id */
    int current;                        /* the actor of the last step; -1: none yet */
    struct event event;                 /* the step in progress, or the last one */
    uint64_t pc;                        /* where it stands in the program */
    int index;                          /* its index: how many came before it */
    bool over;
    enum ending ending;
    bool exited; /* the process ended, with exit_status */
    int exit_status;
    bool diverged;    /* the program did not do what it did before */
    bool threads_out; /* it wants more threads than there are TLS to borrow */
};
extern struct execution now;

/* operations.c */
_Noreturn void leave(enum ending how); /* from a fiber: the execution is over */
void set_pending(struct fiber *fiber, const struct op *op);
void apply_pending(struct fiber *fiber); /* the deltas of its operation */

/* actors.c */
struct fiber *fiber_make(int id, int parent);
void clean_stacks(void); /* of the last execution */

/* judges.c */
void fail(struct shared_finding *finding); /* the execution fails so: sets `ending`, keeps it */
bool judge_overtaking(const struct fiber *fiber);
bool judge_recurrence(struct fiber *fiber); /* true: the execution is over */
void judge_exit(void);
void judge_stuck(void); /* nobody can move */

#endif
