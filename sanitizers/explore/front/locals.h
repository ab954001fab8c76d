/* SPDX-License-Identifier: MIT */
/* The variables of the outermost function of a thread: of main, or of a start routine. */
#ifndef HAZARD_EXPLORE_FRONT_LOCALS_H
#define HAZARD_EXPLORE_FRONT_LOCALS_H

#include "explore/shared.h"
#include "symbols/symbols.h"
#include "symbols/variables.h"

/* Deeper stacks of the depot are cut: the program may have written over it, and no walk is to be
 * without an end. */
enum { DEEPEST_STACK = 200 };

struct locals {
    const char *function; /* NULL: unknown */
    struct variables variables;
};

/* Those of an actor; none if they cannot be known. Below `owner`. */
const struct locals *locals_read(void *owner, const struct symbols *symbols,
                                 const struct shared *shared, int actor);

#endif
