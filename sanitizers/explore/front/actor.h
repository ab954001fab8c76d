/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_FRONT_ACTOR_H
#define HAZARD_EXPLORE_FRONT_ACTOR_H

#include "explore/shared.h"

/* "main thread", "thread 2": as the report model's actors. */
const char *actor_words(void *owner, const struct shared *shared, int actor);

#endif
