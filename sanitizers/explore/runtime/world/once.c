/* SPDX-License-Identifier: MIT */
/*
 * pthread_once, call_once.
 *
 * Counter: 1, unless somebody is running the initialiser. Whoever comes takes it; where the
 * initialiser has been run already that turns out to have been a mere look. An initialiser that its
 * thread leaves (pthread_exit, cancellation) has not been run.
 */
#include "explore/runtime/base.h"

#include <pthread.h>
#include <threads.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/step.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/once.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"

enum { CONTROL_DONE = 2 }; /* libc's word for it */

static struct once *once_at(int *flag, uintptr_t pc) {
    sync_touch(flag, sizeof *flag, false, pc);
    struct once *once = sync_find(flag, SYNC_ONCE);
    if (once != NULL && once->done == (*flag == CONTROL_DONE))
        return once;
    if (*flag != PTHREAD_ONCE_INIT && *flag != CONTROL_DONE)
        misuse(pc, DOING(PART(SAY_USES), PART(SAY_ONCE, (uintptr_t)flag), PART(SAY_UNINITIALISED)),
               NULL, SAY_NOTHING);
    once = sync_adopt(flag, SYNC_ONCE, sizeof *once, 1, pc);
    once->done = *flag == CONTROL_DONE;
    return once;
}

static void once_leave(struct once *once, bool done, uintptr_t pc) {
    thread_of(self)->once = once->next;
    sync_step(OP_ONCE_DONE, &once->sync, sync_access(&once->sync, MODE_WRITE, 0, 1), pc);
    once->runner = NULL;
    *once->sync.taken = (struct world_place){0};
    once->done = done;
    if (done)
        *(int *)(uintptr_t)once->sync.address = CONTROL_DONE;
    sync_release(&once->sync);
}

int once_run(int *flag, void (*routine)(void), uintptr_t pc) {
    struct once *once = once_at(flag, pc);
    sync_waits_for(self, &once->sync, SAY_ONCE);
    sync_step(OP_ONCE, &once->sync, sync_access(&once->sync, MODE_WRITE, 1, -1), pc);
    sync_acquire(&once->sync);
    if (once->done) {
        step_amend(0, MODE_SHARE, 0); /* only looked, but not before it was done */
        return 0;
    }
    struct thread *thread = thread_of(self);
    once->runner = self;
    *once->sync.taken = place_here(pc);
    once->next = thread->once;
    thread->once = once;
    routine();
    once_leave(once, true, pc);
    return 0;
}

void once_abandon(struct once *running) {
    for (struct once *once = running, *next; once != NULL; once = next) {
        next = once->next;
        once_leave(once, false, (uintptr_t)once->sync.taken->pc);
    }
}

EXPORT int pthread_once(pthread_once_t *flag, void (*routine)(void)) {
    return once_run(flag, routine, hook_caller);
}

EXPORT void call_once(once_flag *flag, void (*routine)(void)) {
    once_run(&flag->__data, routine, hook_caller);
}
