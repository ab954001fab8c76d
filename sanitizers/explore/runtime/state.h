/* SPDX-License-Identifier: MIT */
/*
 * The state of the process, as far as it can influence what the program's threads do next and what our judges say to
 * it: fingerprints of what it consists of.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_STATE_H
#define HAZARD_EXPLORE_RUNTIME_STATE_H

#include "explore/runtime/fiber.h"
#include "explore/search/search.h"

struct fingerprint
state_of_stack(const struct fiber *fiber);      /* with its registers; 0: it has ended */
struct fingerprint state_of_blocks(int region); /* which blocks of the heap there are */

/* All of it; `memory`: the sum over memory, stacks and blocks. */
struct fingerprint state_print(struct fingerprint memory);

#endif
