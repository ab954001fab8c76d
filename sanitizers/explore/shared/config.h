/* SPDX-License-Identifier: MIT */
/* What is asked of a search. */
#ifndef HAZARD_EXPLORE_SHARED_CONFIG_H
#define HAZARD_EXPLORE_SHARED_CONFIG_H

#include <stdint.h>

#include "explore/shared/bounds.h"
#include "explore/shared/trace.h"

enum { SHARED_LABEL = 60 /* bytes of a label of hazard_reach */ };

enum races { RACES_STOP, RACES_REPORT, RACES_IGNORE };

/* When others see an atomic store that is weaker than seq_cst. */
enum memory_model {
    MEMORY_TSO, /* some time later, in the order of its thread: x86-64 */
    MEMORY_SC   /* at once: sequential consistency */
};

/* Which of the program's instructions are held against what its hooks announce. */
enum audit_extent {
    AUDIT_OFF,
    AUDIT_FIRST, /* each when it runs first, and those that are not announced always */
    AUDIT_ALL    /* each, always */
};

struct shared_config {
    char strategy[32];
    uint64_t seed;
    int64_t executions; /* the most, all told; 0: no limit */
    int64_t steps;      /* the most in one execution */
    int32_t bound;      /* preemptions, or PCT's d; 0: the strategy's default */
    int32_t races;      /* enum races */
    int32_t audit;      /* enum audit_extent */
    int32_t memory;     /* enum memory_model */
    int32_t frames;     /* 1: hooks leave out parts of local variables (clang) */
    int32_t sequences;  /* 1: a release sequence goes on with its thread's stores (C11, C17) */
    uint64_t warned, ignored; /* kinds of findings, one bit each: told at the end, not looked for */
    int32_t allow_exit;       /* an exit status that is no finding; -1: none */
    int32_t jobs;             /* worker processes */
    int32_t shard;            /* which of `shards` parts of the search, from 0 */
    int32_t shards;           /* 0: all of it */
    int32_t minimise;         /* 1: minimise the failing schedule and name the critical step */
    int32_t output;           /* 1: the order of output is an order that matters */
    int32_t bounds[BOUND_COUNT]; /* how often each thread may, in one execution */
    int32_t keep_going;          /* 1: go on after a finding, keep each distinct one */
    int32_t overtaking; /* how often others may take what a thread waits for; 0: no limit */
    int32_t cap;        /* seconds of processor time without a visible operation: stuck for good */
    int64_t deadline;   /* CLOCK_MONOTONIC, nanoseconds: then it comes to an end; 0: never */
    int64_t effort;     /* of each worker, in steps (runtime/effort.h); 0: no limit */
    int32_t input;      /* 1: descriptor 0 is a file, which each execution reads from its start */
    int32_t sv_comp;    /* 1: the functions __VERIFIER_* are known */
    int32_t
        atomic_blurred; /* 1: __VERIFIER_atomic_* may have been inlined, or merged with others */
    char reach[SHARED_LABEL]; /* a label that is searched for; "": none */
    int32_t trace;            /* 1 with strategy "replay": keep the trace even if nothing fails */
    int32_t schedule_length;  /* for "replay" */
    uint8_t schedule[2 * SHARED_TRACE]; /* pairs (actor, alternative) */
};

#endif
