/* SPDX-License-Identifier: MIT */
/*
 * Does the walked process go round and round? Its registers come back, and it has made no call. If
 * its memory is the same, too, it waits for something that is held back, and has shown all that it
 * does until then. If not, it computes; or it counts while it waits: after very many rounds we go
 * no further.
 */
#ifndef HAZARD_INJECT_WALK_ROUNDS_H
#define HAZARD_INJECT_WALK_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "inject/family/family.h"

#define ROUNDS_AT_MOST 10000 /* of all registers, while memory changes */

enum rounds_found {
    ROUNDS_NOTHING,
    ROUNDS_WAITS, /* all of its state has come back */
    ROUNDS_ENDLESS
};

struct rounds {
    struct cpu seen; /* registers some steps ago */
    uint64_t state;  /* and the rest (state_hash.h), if that is known */
    bool known;
    uint64_t since, span; /* steps since `seen`; how many until the next are remembered */
    int count;
};

/* It has made a call, or the walk begins: what was seen before is no round. */
void rounds_restart(struct rounds *rounds);

/* After each step without a call: first the question, then the step is remembered. */
enum rounds_found rounds_look(struct rounds *rounds, const struct task *first);
void rounds_remember(struct rounds *rounds, const struct task *first);

#endif
