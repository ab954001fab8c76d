/* SPDX-License-Identifier: MIT */
/*
 * Synthetic programs: threads as arrays of instructions, run by a small interpreter under any
 * strategy of the search, by the protocol of search.h. And, independent of all strategies, an
 * enumeration of everything that such a program can do.
 */
#ifndef HAZARD_TESTS_SEARCH_SYNTHETIC_H
#define HAZARD_TESTS_SEARCH_SYNTHETIC_H

#include "explore/search/dpor/dpor.h"
#include "explore/search/failure/critical.h"
#include "explore/search/failure/minimise.h"
#include "explore/search/policy/policies.h"
#include "explore/search/strategies.h"

enum { SYN_THREADS = 128, SYN_LENGTH = 96, SYN_OBJECTS = 128, SYN_REGISTERS = 4 };

/* Registers are 0 to 3, of each thread; register 0 is always 0. `object` is an index into
 * memory, or into the mutexes, semaphores, rwlocks and conditions, which share one numbering; or
 * a thread. */
enum code {
    SYN_LOCK,
    SYN_UNLOCK,
    SYN_TRYLOCK, /* reg = 1: got it, 0: not */
    SYN_LOAD,    /* reg = memory[object] */
    SYN_STORE,   /* memory[object] = reg + value */
    SYN_ADD,     /* reg = memory[object] before; memory[object] += value */
    SYN_CAS,     /* 0 becomes value; reg = 1: it did, 0: it was not 0 */
    SYN_SEM_WAIT,
    SYN_SEM_TRYWAIT, /* as SYN_TRYLOCK */
    SYN_SEM_POST,
    SYN_READ_LOCK,
    SYN_READ_UNLOCK,
    SYN_WRITE_LOCK,
    SYN_WRITE_UNLOCK,
    SYN_TRY_WRITE_LOCK, /* as SYN_TRYLOCK */
    SYN_COND_WAIT,      /* on condition `object` with mutex `value` */
    SYN_SIGNAL,
    SYN_BROADCAST,
    SYN_CREATE, /* starts thread `object`, which must be `late` */
    SYN_END,    /* of this thread, for SYN_JOIN; a thread may also just run out of instructions */
    SYN_JOIN,   /* thread `object` */
    SYN_EXIT,   /* of the process */
    SYN_YIELD,
    SYN_NOTHING, /* a step that touches nothing */
    /* The rest are no steps: they belong to the step before. */
    SYN_SET,     /* reg = value */
    SYN_ASSERT,  /* reg == value, or the execution has failed */
    SYN_SKIP_IF, /* skips the next `object` instructions if reg == value */
    SYN_SKIP,    /* skips the next `object` instructions */
    SYN_LOOP     /* --reg > 0: goes back by `object` instructions */
};

struct instruction {
    uint8_t code; /* enum code */
    uint8_t object, reg;
    int32_t value;
};

struct program {
    int threads;
    struct {
        struct instruction code[SYN_LENGTH];
        int length;
        bool late; /* does not exist before somebody's SYN_CREATE */
    } thread[SYN_THREADS];
    int32_t initial[SYN_OBJECTS]; /* of the sync objects: a mutex 1, an rwlock OP_MANY; default 1 */
    int spurious;                 /* waits that may wake for nothing, in one execution */
};

void program_init(struct program *program, int threads);
void program_add(struct program *program, int thread, enum code code, int object, int reg,
                 int32_t value);

/* Well-known ones (synthetic_programs.c). All call program_init. */
void program_mutex(struct program *program, int threads, int times);       /* lock, unlock, each */
void program_independent(struct program *program, int threads, int times); /* own variables */
void program_philosophers(struct program *program, int n);                 /* behind a gate */
void program_readers(struct program *program, int n); /* thread 0 writes, n read */
void program_lastzero(struct program *program, int n);
void program_reorder(struct program *program, int setters, bool checker_first);
void program_abba(struct program *program);        /* may deadlock */
void program_lost_update(struct program *program); /* two load, add, store; a third asserts */

/* One of the small ones, each of which shows another thing that an operation can do
 * (synthetic_small.c); its name, or NULL: there are no more. `exact`: optimal DPOR makes no
 * execution in vain. */
const char *program_small(struct program *program, int index, bool *exact);

/* Any program: up to `threads` threads of up to `phrases` phrases each (synthetic_random.c). */
void program_random(struct program *program, uint64_t seed, int threads, int phrases);
void program_print(const struct program *program);

/* A set of hashes, each with a value. */
struct hashes {
    uint64_t *keys, *values;
    size_t capacity, count;
};

struct counts {
    int64_t executions, complete, redundant, cut, found, diverged, steps;
    int64_t deadlocks;    /* executions after which somebody alive cannot move (and none failed) */
    int64_t first_found;  /* which execution was the first that failed, from 1; 0: none */
    int64_t repeated;     /* executions whose trace had been seen */
    double left;          /* the strategy's guess when the run ended */
    size_t shared;        /* bytes of the shared arena that were ever used */
    struct hashes states; /* final ones */
    struct hashes traces; /* Mazurkiewicz traces of executions that were not redundant */
    uint8_t *schedule;    /* of the last execution: pairs (actor, alternative) */
    int schedule_length;  /* steps */
    uint64_t trace;       /* hash of the last execution's trace */
};

struct run_options {
    int64_t limit; /* executions; 0: as many as the strategy likes */
    int steps;     /* in one execution, before it is cut; 0: 10000 */
    int workers;   /* attached to one search; their steps take turns; 0: 1 */
    bool traces;   /* fill `states` and `traces` (costs time quadratic in the steps) */
    bool stop;     /* at the first execution that fails */
    int abandon;   /* every so manieth execution is abandoned at its end and its worker replaced */
    void (*after)(void *data, const struct counts *counts, enum ending ending); /* each execution */
    void *data;
};

/* Zeroes `counts` first; counts_free gives its memory back. */
void run(const struct program *program, const struct strategy *strategy,
         const struct search_config *config, const struct run_options *options,
         struct counts *counts);

/* Everything the program can do, by brute force: `complete` is the number of different traces.
 * Two prefixes with the same trace are followed only once; that they lead to the same state is
 * checked (`diverged` counts where not). */
void enumerate(const struct program *program, struct counts *counts);

void counts_free(struct counts *counts);
bool same_hashes(const struct hashes *a, const struct hashes *b);

#endif
