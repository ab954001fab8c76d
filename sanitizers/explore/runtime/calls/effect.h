/* SPDX-License-Identifier: MIT */
/* What a call does to the memory of its caller. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_EFFECT_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_EFFECT_H

#include <stdint.h>

#include "explore/runtime/calls/visit.h"

/* What the table says of it. */
void effect_apply(struct visit *visit, const struct effect *effect);

/* How much of a string, bounded: its bytes or elements, with its end if that lies within the
 * bound. */
uint64_t effect_string_size(uintptr_t string, uint64_t bound);
uint64_t effect_wide_string_size(uintptr_t string, uint64_t bound);

#endif
