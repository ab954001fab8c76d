/* SPDX-License-Identifier: MIT */
/* Actors and steps of an exploration, and the runtime's messages, in words. */
#ifndef HAZARD_EXPLORE_WORDS_H
#define HAZARD_EXPLORE_WORDS_H

#include "explore/front/objects.h"
#include "explore/shared.h"

/* "main thread", "thread 2": as the report model's actors. */
const char *explore_actor(void *owner, const struct shared *shared, int actor);

/* "locks mutex `lock`", "reads 1 from `seats`": one step in words. */
const char *explore_step_words(void *owner, const struct shared *shared, struct objects *objects,
                               const struct shared_step *step);

/* A message of the runtime, each "@" replaced by the name of what lies at the next of `addresses`. */
const char *explore_words(void *owner, struct objects *objects, const char *text,
                          const uint64_t *addresses, size_t count);

#endif
