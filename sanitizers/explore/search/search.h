/* SPDX-License-Identifier: MIT */
/*
 * What the search is asked and told (strategy.h): the actors at a step, kinds of choice, how an
 * execution begins and ends.
 */
#ifndef HAZARD_EXPLORE_SEARCH_SEARCH_H
#define HAZARD_EXPLORE_SEARCH_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/op.h"

struct actor_view {
    const struct op *pending; /* its next operation; NULL: it waits to be woken, or has ended */
    bool enabled;             /* can be picked now */
    bool awaits; /* not enabled only because it spins on what nobody has changed: a schedule that
                                 names it is followed all the same */
    bool alive;  /* has started (or will) and not ended */
    bool first;  /* its next step commutes with all that the others can do before it */
    bool yields; /* asks that others go first: it slept, yielded or spins */
    int32_t enabled_by; /* as in struct event: goes into its next event */
};

/* What a state comes to: 128 bits of hash. */
struct fingerprint {
    uint64_t low, high;
};

struct view {
    const struct actor_view *actors; /* by id */
    int count;                       /* ids in use are below it */
    int current;                     /* who made the last step; -1 at first */
    int enabled;                     /* how many are; at least 1 when `pick` is called */
    bool assumed;                    /* an assumption does not hold: the execution counts no more */
    struct fingerprint state;        /* for strategies that ask for it */
};

enum choice {
    CHOICE_WAITER,   /* which of n waiters a signal wakes, first come first */
    CHOICE_SPURIOUS, /* 0: the wait waits, 1: it wakes for nothing */
    CHOICE_TIMEOUT,  /* 0: the wait waits, 1: its time runs out */
    CHOICE_WEAK,     /* 0: a weak compare-exchange works, 1: it fails for nothing */
    CHOICE_LATE,     /* 0: a look at the clock is on time, 1: it is late */
    CHOICE_VALUE,    /* which of n values the program gets */
    CHOICE_COUNT
};

enum begin {
    BEGIN_RUN,
    BEGIN_SHOW, /* an execution that goes round for ever: until `pick` answers PICK_AROUND */
    BEGIN_WAIT,
    BEGIN_OVER
};

enum ending {
    END_COMPLETE,  /* the program ended, or nobody can move */
    END_REDUNDANT, /* pick answered -1: equivalent to one that was tried */
    END_CUT,       /* too many steps */
    END_FOUND,     /* it failed */
    END_ASSUMED,   /* what the program assumes does not hold: it does not count */
    END_ABANDONED  /* our own reasons: the same again, please */
};

struct search_config {
    uint64_t seed;
    int bound;          /* preemptions (< 0: none), or PCT's depth d; 0: default */
    int64_t executions; /* how many the sampling strategies make; <= 0: a default of 1000 */
    const uint8_t
        *schedule;       /* replay, minimise, critical: pairs (actor, alternative), one a step */
    int schedule_length; /* steps */
    int shard, shards;   /* one of so many, from 0; shards 0: all */
};

/* Diverged: the program did not do what it did before under the same decisions. Around: the state is what it
 * was when the cycle began. */
enum { PICK_REDUNDANT = -1, PICK_DIVERGED = -2, PICK_AROUND = -3 };

#endif
