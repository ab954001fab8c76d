/* SPDX-License-Identifier: MIT */
/*
 * What ends a run that goes on for ever although no process of it computes for long: the user, the
 * time for all runs, how many processes it makes, and how often it waits and goes on.
 */
#ifndef HAZARD_INJECT_FAMILY_LIMITS_H
#define HAZARD_INJECT_FAMILY_LIMITS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct limits {
    const _Atomic bool *stop; /* the user wants no more; may be NULL */
    double until;             /* of clock_seconds; 0: no end */
    size_t most_made;         /* processes; 0: no limit... */
    size_t most_waits;  /* ...and how often something is let go because all wait; 0: likewise */
    size_t made, waits; /* by this run so far */
    bool endless;       /* it has come to one of the two */
};

enum limits_end {
    LIMITS_NONE,
    LIMITS_STOP,
    LIMITS_TIME,
    LIMITS_ALIVE, /* more processes at once than we lead */
    LIMITS_MADE,
    LIMITS_WAITS
};

/* Those of a run without a signal. */
struct limits limits_undisturbed(const _Atomic bool *stop, double until);

/* Those of runs with a signal: what that one came to, several times, and some more. */
void limits_learn(struct limits *limits, const struct limits *undisturbed);

/* The same limits for a run that begins; and for one with which we have more patience. */
void limits_restart(struct limits *limits);
void limits_widen(struct limits *limits, double patience);

/* To be looked at often: LIMITS_STOP, LIMITS_TIME. */
enum limits_end limits_look(const struct limits *limits);

/* One more process, beside so many that live; something was let go once more. */
enum limits_end limits_count_process(struct limits *limits, size_t alive);
enum limits_end limits_count_wait(struct limits *limits);

/* What the program does there; "" of the first three. */
const char *limits_words(enum limits_end end);

#endif
