/* SPDX-License-Identifier: MIT */
#include "explore/front/actor.h"

#include "base/memory.h"

int actor_thread(const struct shared *shared, int actor) {
    if (actor < 0 || actor >= shared->actor_count)
        return actor;
    int owner = shared->actors[actor].buffer_of - 1;
    return owner >= 0 && owner < OP_ACTORS ? owner : actor;
}

const char *actor_words(void *owner, const struct shared *shared, int actor) {
    if (actor < 0)
        return "the program";
    actor = actor_thread(shared, actor);
    int number = actor < OP_ACTORS ? shared->actors[actor].number : 0;
    if (actor == 0 || number == 1)
        return "main thread";
    return never_null(talloc_asprintf(owner, "thread %d", number > 0 ? number : actor + 1));
}

const char *actor_own_words(void *owner, const struct shared *shared, int actor) {
    const char *words = actor_words(owner, shared, actor);
    return actor_thread(shared, actor) == actor
               ? words
               : never_null(talloc_asprintf(owner, "store buffer of %s", words));
}
