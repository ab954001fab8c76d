/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/fiber.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/thread_state.h"

struct thread *thread_of(struct fiber *fiber) {
    if (fiber->thread == NULL)
        fiber->thread = memory_new(MEMORY_THREAD, fiber->id, sizeof *fiber->thread);
    return fiber->thread;
}

pthread_t thread_handle(const struct fiber *fiber) {
    return STACK_ADDRESS + fiber->id * STACK_SPACE;
}

struct fiber *thread_find(pthread_t handle, enum message_text verb, uintptr_t pc) {
    uintptr_t offset = handle - STACK_ADDRESS;
    struct fiber *fiber = NULL;
    if (offset % STACK_SPACE == 0 && offset / STACK_SPACE < (uintptr_t)fiber_count)
        fiber = fibers[offset / STACK_SPACE];
    if (fiber == NULL || fiber->buffer_of != NULL)
        misuse(pc, DOING(PART(verb), PART(SAY_NO_THREAD)), NULL, SAY_NOTHING);
    const struct thread *thread = thread_of(fiber);
    if (thread->joined.pc != 0)
        misuse(pc, DOING(PART(verb), PART(SAY_JOINED_THREAD, fiber->number)), &thread->joined,
               SAY_JOINED_HERE);
    return fiber;
}
