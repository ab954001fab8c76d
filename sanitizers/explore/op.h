/* SPDX-License-Identifier: MIT */
/*
 * Visible operations: what one step of an actor does to objects that others can see.
 *
 * The runtime (explore/runtime) describes each operation in these terms before it happens; the
 * search (explore/search) decides on them and knows nothing else of the program. Two operations are
 * independent if they commute in every state and neither enables or disables the other;
 * Mazurkiewicz traces are the executions up to the order of independent operations.
 *
 * Blocking is expressed by counters. An object has an integer state; an access may `need` the state
 * to be at least so much (a guard: the operation is enabled only then), and adds `delta` to it:
 *
 *   mutex        starts at 1   lock: need 1, -1      unlock: +1
 *   semaphore    its value     wait: need 1, -1      post: +1
 *   rwlock       OP_MANY       read: need 1, -1      write: need OP_MANY, -OP_MANY
 *   end of a thread  0         exit: +1              join: need 1
 */
#ifndef HAZARD_EXPLORE_OP_H
#define HAZARD_EXPLORE_OP_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/op_kind.h"

enum {
    OP_ACTORS = 256,     /* actors in one execution: 0 ... OP_ACTORS - 1; 0 is the main thread */
    OP_ACCESSES = 3,     /* objects that one operation touches */
    OP_MANY = 1 << 20,   /* the free state of a readers-writer lock */
    OP_ANY = 255,        /* an alternative that is still open */
    OP_QUIET = INT32_MAX /* a `need` that only quiescence meets (nothing else can move); such an
                            order is never reversed */
};

/* How an access relates to others of the same object. Two accesses are dependent unless both have
 * the same mode and that mode commutes with itself. */
enum mode {
    MODE_READ,  /* commutes with itself */
    MODE_WRITE, /* commutes with nothing: also lock, unlock, sem_wait, cond_wait, signal... */
    MODE_SHARE, /* a reader takes or leaves a readers-writer lock: commutes with itself */
    MODE_POST,  /* sem_post: commutes with itself */
    MODE_ALL    /* conflicts with every operation whatever its object (exit, an unknown call) */
};

/*
 * `object` names it for the whole search: the same thing has the same number in every execution in
 * which it is reached by equivalent steps. The low three bits say what it is; the rest is an
 * address, or an index.
 */
enum object_kind {
    OBJECT_MEMORY = 0, /* a granule of 8 bytes; `bytes` says which of them */
    OBJECT_SYNC = 1,   /* a mutex, semaphore...: the address of the pthread object */
    OBJECT_ACTOR = 2,  /* the end of a thread: its id << 3 */
    OBJECT_HIDDEN = 3, /* hidden state of a library: enum hidden << 3 */
    OBJECT_FILE = 4,   /* a FILE */
    OBJECT_BUFFER = 5, /* a place in a thread's store buffer: (place << 8 | its id) << 3 */
    OBJECT_HEADER = 6  /* of <hazard.h>: undivided.c, assume.c */
};

/* Of OBJECT_SYNC: the upper half of a granule. Spin locks and once flags are as small as half of one. */
#define OBJECT_UPPER_HALF (UINT64_C(1) << 62)

/* Where it lies; of OBJECT_MEMORY and OBJECT_SYNC. */
static inline uint64_t object_address(uint64_t object) {
    return (object & ~(OBJECT_UPPER_HALF | 7)) + ((object & OBJECT_UPPER_HALF) != 0 ? 4 : 0);
}

struct access {
    uint64_t object;
    int32_t need;   /* 0: no guard */
    int32_t delta;  /* what the operation adds to the object's state */
    int32_t before; /* the object's state before it; filled in by the runtime when it is executed */
    uint8_t mode;   /* enum mode */
    uint8_t bytes;  /* OBJECT_MEMORY: one bit per byte of the granule; else 0xff */
};

struct op {
    uint8_t kind;         /* enum op_kind */
    uint8_t access_count; /* at most OP_ACCESSES */
    struct access access[OP_ACCESSES];
};

/* One executed step: an operation and what the actor then did until its next one. */
struct event {
    struct op op; /* as it came out (a trylock that failed is MODE_READ) */
    uint8_t actor;
    uint8_t alternative;  /* what choose() answered within it; 0 if it was not asked */
    uint8_t alternatives; /* how many there were; 0 or 1: none */
    int32_t enabled_by;   /* index of the event that woke this actor since its last step: an order
                             that cannot be reversed (a signal, the wait that it ends); -1: none */
};

/* Do they commute? */
static inline bool access_dependent(const struct access *a, const struct access *b) {
    if (a->mode == MODE_ALL || b->mode == MODE_ALL)
        return true;
    if (a->object != b->object || (a->bytes & b->bytes) == 0)
        return false;
    return a->mode != b->mode || a->mode == MODE_WRITE;
}

/* Exit cuts off even an actor whose next operation touches nothing. */
static inline bool op_conflicts_with_all(const struct op *op) {
    for (int i = 0; i < op->access_count; i++)
        if (op->access[i].mode == MODE_ALL)
            return true;
    return false;
}

static inline bool op_dependent(const struct op *a, const struct op *b) {
    if (op_conflicts_with_all(a) || op_conflicts_with_all(b))
        return true;
    for (int i = 0; i < a->access_count; i++)
        for (int j = 0; j < b->access_count; j++)
            if (access_dependent(&a->access[i], &b->access[j]))
                return true;
    return false;
}

#endif
