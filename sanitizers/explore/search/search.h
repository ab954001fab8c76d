/* SPDX-License-Identifier: MIT */
/*
 * The search: which schedule to try next.
 *
 * Pure: it sees operations and events, returns decisions, makes no system call, allocates only from
 * the arenas that it is given, and knows nothing of threads or memory. It runs inside the program
 * under test (explore/runtime) and, with synthetic programs, inside the tests.
 *
 * The protocol, for each execution:
 *
 *   begin                    -> BEGIN_RUN
 *   pick                     -> an actor that is enabled            \
 *     alternative            -> 0 ... n-1, at most once in a step    | for each step
 *   step                        what was executed                   /
 *   end
 *
 * `begin` is called again after each `end`, until it answers BEGIN_OVER. An execution that ended with
 * END_ABANDONED never happened: the next `begin` answers with the same one.
 */
#ifndef HAZARD_EXPLORE_SEARCH_SEARCH_H
#define HAZARD_EXPLORE_SEARCH_SEARCH_H

#include <stddef.h>

#include "explore/op.h"
#include "explore/search/arena.h"

struct actor_view {
    const struct op *pending; /* its next operation; NULL: it waits to be woken, or has ended */
    bool enabled;             /* can be picked now */
    bool awaits; /* not enabled only because it spins on what nobody has changed: a schedule that
                                 names it is followed all the same */
    bool alive;  /* has started (or will) and not ended */
    bool yields; /* asks that others go first: it slept, yielded or spins */
    int32_t enabled_by; /* as in struct event: goes into its next event */
};

struct view {
    const struct actor_view *actors; /* by id */
    int count;                       /* ids in use are below it */
    int current;                     /* who made the last step; -1 at first */
    int enabled;                     /* how many are; at least 1 when `pick` is called */
};

enum choice {
    CHOICE_WAITER,   /* which of n waiters a signal wakes, first come first */
    CHOICE_SPURIOUS, /* 0: the wait waits, 1: it wakes for nothing */
    CHOICE_TIMEOUT,  /* 0: the wait waits, 1: its time runs out */
    CHOICE_WEAK,     /* 0: a weak compare-exchange works, 1: it fails for nothing */
    CHOICE_COUNT
};

enum begin { BEGIN_RUN, BEGIN_WAIT, BEGIN_OVER };

enum ending {
    END_COMPLETE,  /* the program ended, or nobody can move */
    END_REDUNDANT, /* pick answered -1: equivalent to one that was tried */
    END_CUT,       /* too many steps */
    END_FOUND,     /* it failed */
    END_ABANDONED  /* our own reasons: the same again, please */
};

struct search_config {
    uint64_t seed;
    int bound;          /* preemptions (< 0: none), or PCT's depth d; 0: default */
    int64_t executions; /* how many the sampling strategies make; <= 0: a default of 1000 */
    const uint8_t
        *schedule;       /* replay, minimise, critical: pairs (actor, alternative), one a step */
    int schedule_length; /* steps */
};

/* Diverged: the program did not do what it did before under the same decisions. */
enum { PICK_REDUNDANT = -1, PICK_DIVERGED = -2 };

struct strategy {
    const char *name;
    bool exhaustive; /* when it is over, everything was tried: "proved" */
    bool parallel;   /* several workers may share one search */

    /* The search itself, in memory that all workers share (at the same address in each). Once. */
    void *(*create)(struct arena *shared, const struct search_config *config);

    /* One worker's part: the execution at hand. In its own memory. A worker may vanish between `end`
     * and `begin`, and another take its place. */
    void *(*attach)(void *search, struct arena *own);

    enum begin (*begin)(void *worker);
    int (*pick)(void *worker, const struct view *view);
    int (*alternative)(void *worker, int n,
                       enum choice kind); /* PICK_DIVERGED if n is not as before */
    void (*step)(void *worker, const struct event *event);
    void (*end)(void *worker, const struct view *view, enum ending ending);

    /* A guess of the number of executions left (Knuth's estimate over the tree's open branches);
     * NULL or < 0: unknown. */
    double (*left)(void *search);
};

#endif
