/* SPDX-License-Identifier: MIT */
#include "explore/front/actor.h"

#include "base/memory.h"

const char *actor_words(void *owner, const struct shared *shared, int actor) {
    if (actor < 0)
        return "the program";
    int number = actor < OP_ACTORS ? shared->actors[actor].number : 0;
    if (actor == 0 || number == 1)
        return "main thread";
    return never_null(talloc_asprintf(owner, "thread %d", number > 0 ? number : actor + 1));
}
