/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/fiber.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/thread_state.h"

struct thread *thread_of(struct fiber *fiber) {
    if (fiber->thread == NULL)
        fiber->thread = memory_new(sizeof *fiber->thread);
    return fiber->thread;
}

pthread_t thread_handle(const struct fiber *fiber) {
    return STACK_ADDRESS + fiber->id * STACK_SPACE;
}

struct fiber *thread_find(pthread_t handle, const char *verb, uintptr_t pc) {
    char name[FIBER_NAME_SIZE];
    uintptr_t offset = handle - STACK_ADDRESS;
    struct fiber *fiber = NULL;
    if (offset % STACK_SPACE == 0 && offset / STACK_SPACE < (uintptr_t)fiber_count)
        fiber = fibers[offset / STACK_SPACE];
    if (fiber == NULL)
        misuse(pc, NULL, NULL, NULL, "%s a thread that there is not", verb);
    const struct thread *thread = thread_of(fiber);
    if (thread->joined.pc != 0)
        misuse(pc, NULL, &thread->joined, "joined here", "%s %s, which was joined already", verb,
               fiber_name(name, fiber));
    return fiber;
}
