/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_FRONT_ACTOR_H
#define HAZARD_EXPLORE_FRONT_ACTOR_H

#include "explore/shared.h"

/* "main thread", "thread 2": as the report model's actors. A store buffer goes by its thread. */
const char *actor_words(void *owner, const struct shared *shared, int actor);

/* As actor_words(), but "store buffer of thread 2" of what is one. */
const char *actor_own_words(void *owner, const struct shared *shared, int actor);

/* The thread that the actor is, or whose store buffer it is. */
int actor_thread(const struct shared *shared, int actor);

#endif
