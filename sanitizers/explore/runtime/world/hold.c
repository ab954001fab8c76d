/* SPDX-License-Identifier: MIT */
/*
 * Who has how many shares of an object that several may have at once: readers of a lock, takers of
 * a semaphore. Sorted by actor, so that a state that recurs recurs in memory too.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/fiber.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/world/hold.h"
#include "explore/runtime/world/place.h"

/* The thread's share, or where it would be. */
static struct hold **place_of(struct hold **holds, const struct fiber *fiber) {
    while (*holds != NULL && (*holds)->fiber->id < fiber->id)
        holds = &(*holds)->next;
    return holds;
}

struct hold *hold_find(struct hold *holds, const struct fiber *fiber) {
    struct hold *hold = *place_of(&holds, fiber);
    return hold != NULL && hold->fiber == fiber ? hold : NULL;
}

void hold_add(struct hold **holds, enum memory_use use, uintptr_t pc) {
    struct hold **at = place_of(holds, self);
    if (*at == NULL || (*at)->fiber != self) {
        struct hold *hold =
            memory_new(use, (uint64_t)(uintptr_t)holds << 8 | self->id, sizeof *hold);
        *hold = (struct hold){.fiber = self, .next = *at, .place = place_noted(hold)};
        *at = hold;
    }
    (*at)->count++;
    *(*at)->place = place_here(pc);
}

bool hold_remove(struct hold **holds) {
    struct hold **at = place_of(holds, self), *hold = *at;
    if (hold == NULL || hold->fiber != self)
        return false;
    if (--hold->count == 0) {
        *at = hold->next;
        *hold = (struct hold){0};
    }
    return true;
}
