/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_FRONT_ASSUMPTIONS_H
#define HAZARD_EXPLORE_FRONT_ASSUMPTIONS_H

#include <stdint.h>

#include "explore/front/explore.h"

/* What a verdict takes for granted, for machines. */
struct assumption {
    const char *name, *words;
    int64_t number; /* -1: there is none */
    bool reached;   /* a bound, and the program could have gone beyond it */
};

enum { ASSUMPTIONS = 18 };

/* The name of what hazard_assume asks for. */
#define ASSUMPTIONS_PROGRAM "assume"
const char *assumptions_program_words(void *owner, int64_t executions);

/* Of a program that read the standard input that nobody gave it. */
#define ASSUMPTIONS_INPUT "it met the end of standard input: --stdin FILE gives it some"

/* Of a search over states: how improbable it is that two of so many were taken for one. */
#define ASSUMPTIONS_STATES "states"
const char *assumptions_states(void *owner, int64_t states);

/* All of them, with words below `owner`; how many. */
int assumptions_list(void *owner, const struct explore_outcome *outcome,
                     const struct explore_options *options, struct assumption *list);

/* " under TSO and its assumptions up to 3 early time-outs a thread": of a proof, a memory model that is stronger than C11's
 * and the bounds that were reached; "" if there is neither. */
const char *assumptions_reached(void *owner, const struct explore_outcome *outcome,
                                const struct explore_options *options);

/* Does a proof leave out executions that this program has on this machine: beyond a bound that it came to, or where what
 * it assumes does not hold? (The memory model leaves out none: docs/false-alarms.md.) */
bool assumptions_are_conditions(const struct explore_outcome *outcome,
                                const struct explore_options *options);

/* The same of a list, in which only the bounds count. */
const char *assumptions_up_to(void *owner, const struct assumption *list, int count, bool tso);

#endif
