/* SPDX-License-Identifier: MIT */
/*
 * Who has how many shares of an object that several may have at once: readers of a lock, takers of
 * a semaphore. Entries are used again, so that a state that recurs recurs in memory too.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/fiber.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/world/hold.h"
#include "explore/runtime/world/place.h"

struct hold *hold_find(struct hold *holds, const struct fiber *fiber) {
    while (holds != NULL && holds->fiber != fiber)
        holds = holds->next;
    return holds;
}

void hold_add(struct hold **holds, uintptr_t pc) {
    struct hold *hold = hold_find(*holds, self);
    if (hold == NULL)
        hold = hold_find(*holds, NULL);
    if (hold == NULL) {
        hold = memory_new(sizeof *hold);
        hold->next = *holds;
        *holds = hold;
    }
    hold->fiber = self;
    hold->count++;
    hold->place = place_here(pc);
}

bool hold_remove(struct hold *holds) {
    struct hold *hold = hold_find(holds, self);
    if (hold == NULL)
        return false;
    if (--hold->count == 0)
        *hold = (struct hold){.next = hold->next};
    return true;
}
