/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/frames.h"
#include "explore/runtime/places.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/unsupported.h"

void frames_begin(int actor) {
    static bool mapped;
    if (!mapped && !place_map(FRAMES_ADDRESS, FRAMES_SIZE * OP_ACTORS))
        unsupported(0, SAY_NO_FRAME_MEMORY);
    mapped = true;
    struct frames_entry *frames = frames_of(actor);
    frames->depth = 0;
    frames->top = 0;
    frames->sp = (uintptr_t)stack_of(actor) - 2 * sizeof(void *);
}

uintptr_t frames_find_top(const struct frames_entry *caller, uintptr_t sp, uintptr_t pc) {
    const uintptr_t *low = (const uintptr_t *)sp + 2, *at = (const uintptr_t *)frames_low(caller);
    while (--at > low)
        if (*at == pc)
            break;
    return (uintptr_t)at;
}
