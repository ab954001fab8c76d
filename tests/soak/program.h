/* SPDX-License-Identifier: MIT */
/*
 * The soak's programs: two or three threads, each a list of operations. A block (what is done with a
 * lock held, or if something is so) is an operation with `length`: it is about the next `length` ones.
 *
 * Each operation with a result leaves it in a register of its own, of its thread. What a program has
 * come to, its outcome, is all registers and what the variables and semaphores hold at the end.
 */
#ifndef HAZARD_TESTS_SOAK_PROGRAM_H
#define HAZARD_TESTS_SOAK_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SOAK_THREADS = 4, /* random programs have two or three */
    SOAK_LENGTH = 20, /* operations of a thread, blocks counted in */
    SOAK_REGISTERS = 6,
    SOAK_ATOMICS = 3,
    SOAK_PLAIN = 2,
    SOAK_MUTEXES = 2, /* and the recursive one: number SOAK_MUTEXES */
    SOAK_CONDS = 2,   /* condition i belongs to mutex i */
    SOAK_SEMAPHORES = 2,
    SOAK_OUTCOME = SOAK_THREADS * SOAK_REGISTERS + SOAK_ATOMICS + SOAK_PLAIN + SOAK_SEMAPHORES
};

/* What a successful compare-exchange leaves in its register: a value that no variable comes to. */
enum { SOAK_EXCHANGED = 200 };

enum soak_order {
    SOAK_RELAXED,
    SOAK_ACQUIRE,
    SOAK_RELEASE,
    SOAK_BOTH,
    SOAK_SEQ_CST,
};

enum soak_code {
    SOAK_LOAD,     /* r = atomic */
    SOAK_STORE,    /* atomic = value */
    SOAK_COPY,     /* atomic = register `other` + 1 */
    SOAK_EXCHANGE, /* r = atomic, which becomes value */
    SOAK_ADD,      /* r = atomic, which grows by value */
    SOAK_CAS,      /* `expected` becomes value; r = SOAK_EXCHANGED or what was seen */
    SOAK_CAS_WEAK,
    SOAK_FENCE,
    SOAK_READ,      /* r = plain variable */
    SOAK_WRITE,     /* plain variable = value */
    SOAK_LOCK,      /* a block */
    SOAK_TRYLOCK,   /* a block; r = 1: got it */
    SOAK_TIMEDLOCK, /* as trylock, by `value` seconds */
    SOAK_WAIT,      /* within the block of its mutex */
    SOAK_WAIT_FOR,  /* until plain variable `other` has the value */
    SOAK_TIMEDWAIT, /* r = 1: its time is over; by `value` seconds */
    SOAK_SIGNAL,
    SOAK_BROADCAST,
    SOAK_SEM_WAIT,
    SOAK_SEM_TRYWAIT,   /* r = 1: got it */
    SOAK_SEM_TIMEDWAIT, /* r = 1: got it; by `value` seconds */
    SOAK_SEM_POST,
    SOAK_READ_LOCK,    /* a block */
    SOAK_WRITE_LOCK,   /* a block */
    SOAK_TRYREAD,      /* a block; r = 1: got it */
    SOAK_TRYWRITE,     /* a block; r = 1: got it */
    SOAK_AWAIT,        /* spins until atomic == value */
    SOAK_AWAIT_LOCKED, /* lock, read plain variable `other`, unlock, until it is value */
    SOAK_AWAIT_TRY,    /* a block: spins until trylock succeeds */
    SOAK_AWAIT_SEM,    /* spins until sem_trywait succeeds */
    SOAK_AWAIT_CAS,    /* a block: spins until weak CAS of 0 to 1 succeeds; stores 0 at the end */
    SOAK_AWAIT_SWAP,   /* a block: spins until exchange(1) gives 0; stores 0 at the end */
    SOAK_SPIN,         /* up to `other` rounds until atomic == value; r = rounds */
    SOAK_SPIN_RAND,    /* until rand() % 4 == 0 or atomic == value; r = 1: the latter */
    SOAK_RAND,         /* r = rand() % 4 */
    SOAK_TOKEN,        /* r = first letter of strtok's next word, or 0 */
    SOAK_YIELD,
    SOAK_SLEEP, /* value seconds */
    SOAK_LOOK,  /* r = 1: `value` seconds have passed since the start */
    SOAK_IF,    /* a block: if register `other` == value */
    SOAK_CODES
};

/* Where a spin keeps its count: nobody else can see it, but the thread comes by the same state only
 * if the count is the same. */
enum soak_counter {
    SOAK_COUNTS_GLOBAL,
    SOAK_COUNTS_TLS,
    SOAK_COUNTS_KEY,
    SOAK_COUNTS_MASK,
    SOAK_COUNTERS
};

enum soak_pause { SOAK_PAUSE_NONE, SOAK_PAUSE_YIELD, SOAK_PAUSE_SLEEP };

struct soak_op {
    uint8_t code;    /* enum soak_code */
    uint8_t object;  /* atomic, plain variable, mutex, condition or semaphore: its number */
    uint8_t reg;     /* where the result goes */
    uint8_t value;   /* see above */
    uint8_t other;   /* see above */
    uint8_t expect;  /* of compare-exchanges */
    uint8_t order;   /* enum soak_order */
    uint8_t failure; /* of compare-exchanges */
    uint8_t length;  /* of a block */
    uint8_t counter; /* enum soak_counter */
    uint8_t pause;   /* enum soak_pause: in each round of a loop that waits */
};

struct soak_thread {
    struct soak_op op[SOAK_LENGTH];
    int length;
};

struct soak_program {
    uint64_t seed; /* and 0 for what was made by hand */
    int threads;
    bool main_works; /* the first thread is main */
    struct soak_thread thread[SOAK_THREADS];
    uint8_t semaphore[SOAK_SEMAPHORES]; /* values at the start */
};

/* Has an operation its block behind it? */
bool soak_is_block(enum soak_code code);

/* Has it a result in a register? */
bool soak_has_result(enum soak_code code);

/* Does any thread of the program do that? */
bool soak_program_has(const struct soak_program *program, enum soak_code code);

/* Does any operation of it depend on time: timed ones, and looks at the clock? */
bool soak_program_is_timed(const struct soak_program *program);

#endif
