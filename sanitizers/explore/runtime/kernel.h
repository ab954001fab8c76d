/* SPDX-License-Identifier: MIT */
/*
 * The kernel of the runtime: runs the program's threads as fibers, one at a time, and asks the
 * search who goes next. The modelled world (mutexes, condition variables, threads...), the hooks of
 * the compiler and the judges stand on it.
 *
 * The runtime lives in the program under test. Its rules:
 *  - no libc but what `real` (base.h) holds; memory from execution_new (forgotten after the
 *    execution) or lasting_new (for ever); static variables are rewound after each execution, like
 *    the program's.
 *  - the world's functions run on the calling thread's stack, under its TLS. Between two calls of
 *    step() a fiber is alone: nothing else runs.
 */
#ifndef HAZARD_EXPLORE_KERNEL_H
#define HAZARD_EXPLORE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/op.h"
#include "explore/shared.h"

enum fiber_state {
    FIBER_FREE,
    FIBER_READY,  /* has a pending operation, which may be disabled by a guard */
    FIBER_ASLEEP, /* waits for wake() */
    FIBER_ENDED
};

/* An object with a state: see op.h. Lives as long as the execution. */
struct object {
    uint64_t key;
    int32_t state;
    bool known; /* false: just made; whoever asked sets its first state */
    uint64_t
        waiters[OP_ACTORS / 64]; /* one bit an actor: its pending operation has a guard on it */
    void *world;                 /* what the world keeps of it */
};

struct fiber {
    uint8_t id;  /* the actor */
    uint8_t tls; /* which TLS it borrows: fiber.h */
    uint8_t state;
    bool timed;     /* asleep, and a time-out may wake it */
    bool timed_out; /* it was the time-out that woke it */
    bool yields;    /* its last operation asked that others go first */
    bool detached;
    bool tired;        /* it went round in circles: the others first */
    bool awaits;       /* it spins: disabled until somebody changes what it read (recur.c) */
    bool guarded;      /* ready, and its operation has a guard, which others change */
    int16_t parent;    /* -1: the main thread */
    uint16_t children; /* created so far */
    uint16_t number;   /* in order of creation; 1: the main thread */
    int32_t enabled_by;
    int32_t enabled_at; /* the last event before which it could move */
    int32_t passed_at;  /* the event by which it was, last */
    int32_t passed;     /* how often others took what its pending operation waits for */
    uint32_t stack;     /* depot: where it is now, without the innermost frame */
    uint64_t pc;        /* of its pending operation */
    uint64_t deadline;  /* of its timed sleep: virtual nanoseconds */
    uint64_t clock;     /* its virtual time: nanoseconds */
    uint64_t writes; /* plain writes outside its own stack, and calls that may write: only grows */
    struct op pending;
    struct object *objects[OP_ACCESSES]; /* those of the pending accesses; NULL: no state */
    uint64_t address, value;             /* for the trace */
    uint32_t flags;

    /* For the wait-for graph: what it waits for, set by the world before step() or fall_asleep().
     * */
    const char *waits; /* "mutex @"; NULL: nothing */
    uint64_t waits_for;
    int holder; /* the actor that could end the wait; -1: unknown or none */

    /* Where it called exit, or returned from main (0). */
    uint64_t exit_pc;
    uint32_t exit_stack;

    void *sp;     /* saved, while it does not run */
    uintptr_t fs; /* of the TLS that it borrows */
    char *lowest; /* of its stack so far */
    void *(*start)(void *);
    void *argument;
    struct thread *thread; /* the world's part (world/thread.c) */
};

extern struct fiber *self;     /* who runs; static, so rewound */
extern struct fiber *fibers[]; /* by id; NULL: not in this execution */
extern int fiber_count;        /* ids in use are below it */
extern bool exploring;         /* false before main: then operations just happen */
extern struct shared *shared;

/* --- operations ------------------------------------------------------------------------------- */

/*
 * Announces the calling thread's next operation and returns when the search lets it happen: guards
 * hold, deltas are added, nobody else moves until the next call. `address` and `pc` are for people;
 * pc: the return address into the program.
 */
void step(const struct op *op, const void *address, uintptr_t pc);

/* Within the step just granted: it came out as less (a trylock that failed only read). Replaces
 * access `index`'s mode and delta (the state is corrected). */
void step_amend(int index, enum mode mode, int32_t delta);
void step_same(
    void); /* it wrote what was there already (a spinning exchange): wakes nobody who awaits
                           a change */
void step_failed(void);          /* marks it in the trace */
void step_value(uint64_t value); /* likewise */

/* Within the step just granted, at most once: 0 ... n-1. */
int choose(int n, int kind); /* enum choice of search.h */

/* Within the step just granted: the caller sleeps until somebody wakes it; returns when the
 * operation that wake() gave it is granted. `timed`: when nothing else can move, the sleeper
 * with the earliest deadline is woken with OP_TIMEOUT; then it returns false. */
bool fall_asleep(bool timed, uint64_t deadline);
void wake(struct fiber *fiber, const struct op *next);

/* The object of that key; made (state 0, known false) when it is new. */
struct object *object_find(uint64_t key);

/* Its state becomes this by no operation's delta: it is set up. */
void object_set(struct object *object, int32_t state);

/* --- threads ---------------------------------------------------------------------------------- */

/* A new fiber, READY with an OP_START step; its id depends only on its parent and on how many that
 * has created. Called within a step. NULL: no more actors. */
struct fiber *fiber_new(void *(*start)(void *), void *argument);

/* The calling thread ends, within its last step. */
_Noreturn void fiber_end(void);

/* --- the end ---------------------------------------------------------------------------------- */

/* The process ends with that status, within an OP_EXIT step. */
_Noreturn void execution_exit(int status);

/* A finding. `found` ends the execution; `found_note` goes on. */
_Noreturn void found(const struct shared_finding *finding);
void found_note(const struct shared_finding *finding);

/* The program uses what explore cannot take: ends the search. */
_Noreturn void unsupported(uintptr_t pc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The next execution needs a fresh process: kernel state was touched. */
void kernel_touched(void);

/* Judges, called on the kernel's stack when nobody can move, and when the process has ended.
 * They fill *finding and return true, or return false. */
bool judge_deadlock(struct shared_finding *finding);
bool judge_end(struct shared_finding *finding, int status);

/* Helpers for those who fill findings. */
void finding_start(struct shared_finding *finding, int kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct shared_location *finding_at(struct shared_finding *finding, int actor, uint32_t stack,
                                   uintptr_t pc, const char *doing, const void *object);

/* --- memory ----------------------------------------------------------------------------------- */

void *
execution_new(size_t size); /* zeroed; state of the world: part of what livelock detection compares,
                                     so no counters that only grow */
void *
scratch_new(size_t size); /* zeroed; likewise of this execution, but never compared: clocks, logs */
void execution_extent(char **start, size_t *size);
void *lasting_new(size_t size); /* zeroed */
struct arena *lasting_arena(void);

/* Addresses are fixed, so that they are the same in every execution and worker. */
#define SHARED_ADDRESS ((uintptr_t)0x100000000000)
#define LASTING_ADDRESS ((uintptr_t)0x180000000000)
#define EXECUTION_ADDRESS ((uintptr_t)0x1c0000000000)
#define STACK_SIZE ((uintptr_t)8 << 20)

/* The memory that is raced on has grown: after this execution the search begins anew. */
void search_restart(void);

/* From now on all writable memory is copied back: somebody unknown may write it. */
void rewind_all(void);

/* Each module's part of a new execution, called on the kernel's stack after memory was rewound (and
 * once before the first). */
void race_begin(void);
void heap_begin(void);

#endif
