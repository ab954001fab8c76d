/* SPDX-License-Identifier: MIT */
/* Steps of an exploration, and the runtime's messages, in words. */
#ifndef HAZARD_EXPLORE_FRONT_WORDS_H
#define HAZARD_EXPLORE_FRONT_WORDS_H

#include "explore/front/objects.h"
#include "explore/shared.h"

/* "locks `lock`", "reads `seats`: 1": one step in words. */
const char *words_step(void *owner, const struct shared *shared, struct objects *objects,
                       const struct shared_step *step);

/* What the runtime said, with the names of objects. */
const char *words_message(void *owner, struct objects *objects, const struct message *message);
const char *words_doing(void *owner, struct objects *objects, const struct message_doing *doing);

#endif
