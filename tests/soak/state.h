/* SPDX-License-Identifier: MIT */
/*
 * All that can influence how a program of the soak goes on: the state of the interpreter's machine. It
 * is compared byte by byte, so it is zeroed before it is filled.
 *
 * Happens-before without clocks. A *record* is the latest access of one kind (read or write) by one
 * thread to one variable. All that orders anything (threads, locks, what an atomic offers...) has a set
 * of records: those accesses that happened before whoever acquires it next. Who accesses a variable
 * must know the records of others that conflict, or it is a race. A new access takes its record out of
 * all sets but its own thread's. So a state is finite however often a loop goes round.
 */
#ifndef HAZARD_TESTS_SOAK_STATE_H
#define HAZARD_TESTS_SOAK_STATE_H

#include "tests/soak/program.h"

enum {
    SOAK_BUFFER = 8,          /* stores that a thread's buffer holds */
    SOAK_HIDDEN = SOAK_PLAIN, /* the variable behind strtok */
};

/* What operations meet at, to tell how time flows: the first number of each kind. */
enum {
    SOAK_AT_ATOMIC,
    SOAK_AT_MUTEX = SOAK_AT_ATOMIC + SOAK_ATOMICS,
    SOAK_AT_SEMAPHORE = SOAK_AT_MUTEX + SOAK_MUTEXES + 1,
    SOAK_AT_RWLOCK = SOAK_AT_SEMAPHORE + SOAK_SEMAPHORES,
    SOAK_AT_COND,
    SOAK_AT_RAND = SOAK_AT_COND + SOAK_CONDS,
    SOAK_AT_STRTOK,
    SOAK_PLACES
};

/* Two operations at one place have an order in time, unless both only read, or both add. */
enum soak_mode { SOAK_READS, SOAK_WRITES, SOAK_ADDS, SOAK_MODES };

typedef uint32_t soak_records; /* a bit for each */

/* A release sequence may have several heads: an offer for the thread of each. */
struct soak_offer {
    soak_records by[SOAK_THREADS];
};

struct soak_known {
    soak_records exist;
    soak_records now[SOAK_THREADS];     /* what happened before its next operation */
    soak_records seen[SOAK_THREADS];    /* by relaxed loads, for an acquire fence */
    soak_records offered[SOAK_THREADS]; /* by a release fence, for relaxed stores */
    soak_records mutex[SOAK_MUTEXES + 1], semaphore[SOAK_SEMAPHORES];
    soak_records written, read; /* by who held the readers-writer lock */
    struct soak_offer atomic[SOAK_ATOMICS];
    soak_records buffered[SOAK_THREADS][SOAK_BUFFER];
};

struct soak_buffered {
    uint8_t object, value, releases;
};

struct soak_position {
    uint8_t pc, phase;
    uint8_t count;                                 /* of a spin's rounds */
    uint8_t stores;                                /* in its buffer */
    uint8_t spurious, weak, timeouts, late, looks; /* used up */
    uint8_t reg[SOAK_REGISTERS];
    uint16_t clock;                           /* seconds: the earliest time that it can be there */
    struct soak_buffered buffer[SOAK_BUFFER]; /* the oldest first */
};

struct soak_state {
    struct soak_known known;
    struct soak_position thread[SOAK_THREADS];
    uint16_t latest[SOAK_PLACES][SOAK_MODES]; /* operation of each mode: its time */
    uint16_t latest_of_all, floor; /* time has passed for all until then: everybody waited */
    uint8_t atomic[SOAK_ATOMICS], plain[SOAK_PLAIN];
    uint8_t owner[SOAK_MUTEXES + 1]; /* 0 nobody, else 1 + thread */
    uint8_t depth;                   /* of the recursive mutex */
    uint8_t semaphore[SOAK_SEMAPHORES];
    uint8_t writer, readers; /* 1 + thread; how many */
    uint8_t randoms, tokens; /* taken so far */
};

#endif
