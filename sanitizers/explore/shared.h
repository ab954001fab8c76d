/* SPDX-License-Identifier: MIT */
/*
 * The memory that hazard shares with the program under test: what is asked, how far it is, what
 * came out. One memfd, whose number the program finds in the environment (SHARED_VARIABLE).
 *
 * hazard writes `config` before it starts the program and reads the rest while it runs and after it
 * has ended. Everything else of the region (from `arena` on) belongs to the search.
 */
#ifndef HAZARD_EXPLORE_SHARED_H
#define HAZARD_EXPLORE_SHARED_H

#include <stdint.h>

#include "explore/op.h"

#define SHARED_VARIABLE "HAZARD_EXPLORE"

enum {
    SHARED_VERSION = 1,
    SHARED_TEXT = 512,       /* bytes of a message */
    SHARED_LOCATIONS = 16,   /* of one finding */
    SHARED_FINDINGS = 32,    /* distinct ones kept */
    SHARED_TRACE = 1 << 18,  /* steps kept of the failing execution */
    SHARED_STACKS = 1 << 20, /* nodes of the stack depot */
    SHARED_OUTPUT = 1 << 14, /* bytes kept of what the failing execution printed */
    SHARED_RACED = 1 << 16,  /* racy granules that can be made visible */
    SHARED_WEAK = 64         /* functions named */
};

#define SHARED_SIZE (UINT64_C(1) << 36) /* sparse */

/* An actor's heap and stack lie where its number says. */
#define HEAP_ADDRESS ((uintptr_t)0x200000000000) /* one HEAP_SIZE for each actor */
#define HEAP_SIZE ((uintptr_t)1 << 35)
#define STACK_ADDRESS ((uintptr_t)0x300000000000) /* one STACK_SPACE for each actor */
#define STACK_SPACE ((uintptr_t)1 << 26)

enum races { RACES_STOP, RACES_REPORT, RACES_IGNORE };

struct shared_config {
    char strategy[32];
    uint64_t seed;
    int64_t executions; /* at most so many, all told; 0: no limit */
    int64_t steps;      /* at most so many in one execution */
    int32_t bound;      /* preemptions, or PCT's d; 0: the strategy's default */
    int32_t spurious;   /* spurious wake-ups of each thread in one execution */
    int32_t races;      /* enum races */
    int32_t jobs;       /* worker processes */
    int32_t minimise;   /* 1: minimise the failing schedule and name the critical step */
    int32_t output;     /* 1: the order of output is an order that matters */
    int32_t keep_going; /* 1: go on after a finding, keep each distinct one */
    int32_t
        overtaking; /* a waiting thread may see others take what it waits for so often; 0: no limit
                       */
    int32_t cap;    /* seconds of processor time without a visible operation: stuck for good */
    int32_t trace;  /* 1 with strategy "replay": keep the trace even if nothing fails */
    int32_t schedule_length;            /* for "replay" */
    uint8_t schedule[2 * SHARED_TRACE]; /* pairs (actor, alternative) */
};

enum shared_end {
    SHARED_RUNNING,
    SHARED_EXHAUSTED, /* every execution that differs was tried (or all that were asked for, if the
                           strategy is not exhaustive) */
    SHARED_BUDGET,    /* the budget ended first: `reason` says which */
    SHARED_FOUND,     /* see findings */
    SHARED_UNSUPPORTED, /* `reason` names what */
    SHARED_DIVERGED,    /* not deterministic: `reason` */
    SHARED_FAILED       /* our own failure: `reason` */
};

struct shared_location {
    int32_t actor;   /* -1: none (where a block was allocated...) */
    int32_t context; /* 1: explains, is not guilty */
    uint32_t stack;  /* of the depot: the calls that led there, without the innermost frame */
    uint32_t step;   /* index in the trace; UINT32_MAX: none */
    uint64_t pc;     /* the innermost: a return address; 0: none */
    char doing
        [160]; /* "write of 4 bytes", "holds mutex @, locked here"; each @ stands for an address
                        of `objects`, in order, for hazard to name */
    uint64_t objects[2];
};

struct shared_finding {
    int32_t kind; /* enum kind of report/kind.h */
    int32_t location_count;
    char message[SHARED_TEXT]; /* as `doing` */
    uint64_t objects[4];
    struct shared_location locations[SHARED_LOCATIONS];
    int64_t execution;       /* which one showed it, from 1 */
    int32_t schedule_length; /* in steps */
    int32_t raced;           /* so many of raced_granules were visible in it */
    uint64_t
        schedule_offset; /* from the start of the region: pairs (actor, alternative) that show it */
};

/* One step of the trace, for people. */
struct shared_step {
    struct event event;
    uint64_t address; /* of the object, as the program knows it */
    uint64_t value;   /* read, written, or returned */
    uint64_t pc;
    uint32_t stack;
    uint32_t flags;
};
enum {
    STEP_HAS_VALUE = 1,
    STEP_SWITCH = 2,    /* another actor made the step before it */
    STEP_PREEMPT = 4,   /* ... though that one could have gone on */
    STEP_FAILED = 8,    /* a trylock... that did not get it */
    STEP_CRITICAL = 16, /* after it the failure could not be avoided */
    STEP_SAME = 32      /* an atomic that wrote what was there already */
};

struct shared_stack {
    uint32_t parent; /* 0: the bottom */
    uint32_t ready;  /* 0: free, or being made */
    uint64_t pc;     /* return address in the caller */
};

struct shared_actor {
    int32_t parent; /* -1: the main thread */
    int32_t
        number; /* in the order of creation in the execution of the trace: 1 is the main thread */
    uint64_t start; /* the thread's start routine */
};

struct shared {
    uint32_t version;
    uint32_t end;  /* enum shared_end; written last */
    uint64_t base; /* load address of the program */

    /* Progress, while it runs. */
    int64_t executions; /* complete ones */
    int64_t blocked;    /* redundant ones: given up half-way as equivalent to an earlier one */
    int64_t steps;      /* in all executions */
    int64_t deepest;    /* steps of the longest execution */
    double left;        /* a guess of the executions left; < 0: unknown */

    /* The outcome. */
    char reason[SHARED_TEXT];
    uint64_t reason_pc;   /* where, if not 0 */
    int64_t weak_atomics; /* atomic operations weaker than seq_cst, seen as seq_cst */
    int64_t raced;        /* racy locations that were made visible */
    int64_t earlier;   /* executions of searches given up because the set of racy locations grew */
    int64_t overtaken; /* how often, at most, a waiting thread saw others take what it waits for */
    char unknown[SHARED_WEAK][48]; /* calls taken as conflicting with everything */
    int32_t unknown_count;
    int32_t finding_count;
    struct shared_finding findings[SHARED_FINDINGS];
    int32_t critical; /* index of the critical step; -1: unknown */
    int32_t output_length;
    char output[SHARED_OUTPUT]; /* of the failing execution: stdout and stderr */
    struct shared_actor actors[OP_ACTORS];
    int32_t actor_count;

    int32_t trace_length;
    struct shared_step trace[SHARED_TRACE];
    uint8_t schedule[2 * SHARED_TRACE]; /* of the trace, complete: pairs */
    uint32_t stack_count; /* nodes made; they lie where their hash put them: depot.c */
    struct shared_stack stacks[SHARED_STACKS];
    uint64_t raced_granules[SHARED_RACED]; /* the first `raced` are; what comes then, until 0,
                                              will be in the next search */

    struct shared_config config;
    char arena[]; /* to SHARED_SIZE */
};

#endif
