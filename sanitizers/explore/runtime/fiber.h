/* SPDX-License-Identifier: MIT */
/*
 * The program's threads as the kernel sees them: fibers, of which one runs at a time. Between two calls
 * of step() a fiber is alone: nothing else runs.
 *
 * Used everywhere, so without a prefix: self, fibers, exploring.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_FIBER_H
#define HAZARD_EXPLORE_RUNTIME_FIBER_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/message/message.h"
#include "explore/op.h"
#include "explore/runtime/wait.h"
#include "explore/shared.h"

enum fiber_state {
    FIBER_FREE,
    FIBER_READY,  /* has a pending operation, which may be disabled by a guard */
    FIBER_ASLEEP, /* waits for step_wake() */
    FIBER_ENDED
};

struct object;       /* object.h */
struct store_buffer; /* store_buffer.h */

struct fiber {
    uint8_t id;  /* the actor */
    uint8_t tls; /* which TLS it borrows: fiber.h */
    uint8_t state;
    bool timed;     /* asleep, and a time-out may wake it */
    bool timed_out; /* it was the time-out that woke it */
    bool yields;    /* its last operation asked that others go first */
    bool detached;
    bool tired;         /* it went round in circles: the others first */
    bool awaits;        /* it spins: disabled until somebody changes what it read (recur.c) */
    bool guarded;       /* ready, and its operation has a guard, which others change */
    int16_t parent;     /* -1: the main thread */
    uint16_t children;  /* created so far */
    uint16_t number;    /* among threads in order of creation; 1: the main thread; a buffer: 0 */
    uint16_t order;     /* among all actors */
    uint16_t undivided; /* so many atomic blocks of hazard.h it is in, one within the other */
    uint8_t buffered;   /* stores that wait in its store buffer, as far as it knows */
    struct store_buffer *buffer; /* NULL: not yet used */
    struct fiber *buffer_of;     /* the thread whose store buffer empties; NULL: it is a thread */
    int32_t enabled_by;
    int32_t enabled_at; /* the last event before which it could move */
    int32_t passed_at;  /* the event by which it was, last */
    int32_t passed;     /* how often others took what its pending operation waits for */
    struct patience patience;
    uint32_t stack;           /* depot: where it is now, without the innermost frame */
    uint64_t pc;              /* of its pending operation */
    uint64_t deadline;        /* of its timed sleep: virtual nanoseconds */
    uint64_t clock;           /* its virtual time: nanoseconds */
    bool looked;              /* at its clock: what it does next may hang on the time */
    uint32_t undivided_frame; /* ... of which the first is the function of that frame; 0: none */
    uintptr_t loaded;         /* what its last atomic load read */
    uint64_t writes; /* plain writes outside its own stack, and calls that may write: only grows */
    struct op pending;
    struct object *objects[OP_ACCESSES]; /* those of the pending accesses; NULL: no state */
    uint64_t address, value;             /* for the trace */
    uint32_t flags;

    /* For the wait-for graph: what it waits for, set by the world before step() or step_sleep().
     * */
    enum message_text waits; /* SAY_MUTEX; SAY_NOTHING: for nothing */
    uint64_t waits_for;      /* the address of the object in it */
    int holder;              /* the actor that could end the wait; -1: unknown or none */

    /* Where it called exit, or returned from main (0). */
    uint64_t exit_pc;
    uint32_t exit_stack;

    char *
        hook; /* hook_frame, at a step of such a hook that says what it still hangs on: step_rest() */
    uint32_t rest;    /* ... which is that; 0: at the first step, on nothing else */
    void *sp;         /* saved, while it does not run */
    uintptr_t fs;     /* of the TLS that it borrows */
    uintptr_t mapped; /* bytes of its region of mappings: calls/mapping.c */
    uint64_t returns; /* hash of where calls return to, as far as its stack does not say it */
    char *lowest;     /* of its stack so far */
    uintptr_t
        touched; /* the lowest of its stack that somebody told us of, since functions have left it */
    bool gone;   /* its stack is used no more: lifetime.c */
    void *(*start)(void *);
    void *argument;
    void (*ended)(void *); /* called with what `start` returned */
    struct thread *thread; /* the world's part (world/thread.c) */
};

extern INTERNAL struct fiber *self;     /* who runs; static, so rewound */
extern INTERNAL struct fiber *fibers[]; /* by id; NULL: not in this execution */
extern INTERNAL int fiber_count;        /* ids in use are below it */
extern INTERNAL bool exploring;         /* false before main: then operations just happen */
extern INTERNAL uint64_t fiber_looks;   /* at clocks, by all threads: only grows */

/* The stacks of the last execution, clean again: what a function finds in its unset variables
 * shall not depend on the execution before. */
void fiber_clean_stacks(void);

/* Does it lie on the calling thread's stack? */
static inline bool fiber_is_on_stack(uintptr_t address) {
    return address - (STACK_ADDRESS + self->id * STACK_SPACE) < STACK_SPACE;
}

/* For who wants to know whether a thread only reads: recur.c. */
static inline void fiber_count_write(uintptr_t address, bool write) {
    if (write && !fiber_is_on_stack(address))
        self->writes++;
}

/* The calling thread learns what time it is. */
static inline void fiber_look(void) {
    self->looked = true;
    fiber_looks++;
}

#endif
