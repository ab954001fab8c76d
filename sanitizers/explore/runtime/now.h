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
    bool diverged;    /* the program did not do what it did before */
    bool threads_out; /* it wants more threads than there are TLS to borrow */
};
extern struct execution now;

static inline void fiber_changed(const struct fiber *fiber) {
    now.changed[fiber->id / 64] |= UINT64_C(1) << fiber->id % 64;
}

/* Whoever has a guard on the object must be looked at again. */
static inline void object_changed(const struct object *object) {
    for (int word = 0; word < words_in_use(); word++)
        now.stirred[word] |= object->waiters[word];
}

/* kernel.c: what a fiber enters the kernel for, on the kernel's stack; the stack that goes on */
void *kernel_serve(void);

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
