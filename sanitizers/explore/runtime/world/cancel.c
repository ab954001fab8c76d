/* SPDX-License-Identifier: MIT */
/*
 * Cancellation, deferred: the only kind that is modelled.
 *
 * A cancellation point that may have to wait is two steps: the first looks whether there is a
 * request, and is never held up; the second is the operation itself. A request that comes in
 * between, or while the thread sleeps there, takes the place of the operation: it wakes its thread,
 * which acts upon it. One thing more is possible: a thread that has looked, and then need not wait,
 * misses the request until its next point. That is a choice made when the request comes. If such a
 * thread then does have to wait, the execution shows nothing that acting at once does not show too,
 * and is no deadlock.
 *
 * Since a request may end any wait, pthread_cancel conflicts with every operation.
 *
 * A program that never calls pthread_cancel shall not pay for this. Who calls it is known before
 * main: it is an indirect function, whose resolver the dynamic linker runs only if something refers
 * to it. (If that is a shared library, the linker refuses to load it.)
 *
 * The points: pthread_testcancel, the waits of condition variables, semaphores and joins, sleeps,
 * and the calls of the library that glibc makes one (docs/cancellation.md). Some act only if they
 * come to the kernel: a stream that has to read or write, a join of a thread that has not ended. With
 * those, a request that is there may be overlooked.
 */
#include "explore/runtime/base.h"

#include <errno.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/step.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/world/cancel.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/thread.h"
#include "explore/runtime/world/thread_state.h"
#include "explore/search/search.h"

static bool possible; /* somebody refers to pthread_cancel */

static struct access request_access(const struct fiber *fiber, enum mode mode) {
    return (struct access){.object = ((uint64_t)OP_ACTORS + fiber->id) << 3 | OBJECT_ACTOR,
                           .mode = (uint8_t)mode,
                           .bytes = 0xff};
}

static struct op look_op(const struct fiber *fiber, enum op_kind kind) {
    return (struct op){
        .kind = (uint8_t)kind, .access_count = 1, .access = {request_access(fiber, MODE_READ)}};
}

static bool may_act(const struct thread *thread) {
    return possible && !thread->cancel_off && !thread->leaving;
}

_Noreturn static void act(struct thread *thread, uintptr_t pc) {
    thread->cancel_acts = false;
    thread_exit(PTHREAD_CANCELED, pc);
}

/* --- at a point --- */

void cancel_wake(struct fiber *fiber) {
    const struct op op = look_op(fiber, OP_CANCEL);
    thread_of(fiber)->cancel_acts = true;
    step_wake(fiber, &op);
}

void cancel_enter(void (*interrupt)(struct fiber *), void *argument) {
    struct thread *thread = thread_of(self);
    thread->interrupt = may_act(thread) ? interrupt : NULL;
    thread->interrupted = argument;
}

void cancel_settle(struct fiber *fiber) {
    struct thread *thread = thread_of(fiber);
    thread->interrupt = NULL;
    thread->interrupted = NULL;
}

void cancel_leave(uintptr_t pc) {
    struct thread *thread = thread_of(self);
    cancel_settle(self);
    if (thread->cancel_acts)
        act(thread, pc);
}

void cancel_now(uintptr_t pc) {
    struct thread *thread = thread_of(self);
    if (thread->cancelled && may_act(thread))
        act(thread, pc);
}

void cancel_pass(enum op_kind kind, uintptr_t pc) {
    struct op op = look_op(self, kind);
    if (!may_act(thread_of(self)))
        op.access_count = 0;
    step(&op, NULL, pc);
    cancel_now(pc);
}

void cancel_call(bool perhaps, uintptr_t pc) {
    const struct thread *thread = thread_of(self);
    if (!may_act(thread))
        return;
    const struct op op = look_op(self, OP_CANCEL);
    step(&op, NULL, pc);
    if (!perhaps || !thread->cancelled || step_choose(2, CHOICE_TIMEOUT) == 0)
        cancel_now(pc);
    else
        self->writes++; /* as if it did something: nobody overlooks a request for ever */
}

void cancel_step(struct op *op, const void *address, bool perhaps, uintptr_t pc) {
    if (may_act(thread_of(self))) {
        enum message_text waits = self->waits;
        cancel_call(perhaps, pc);
        self->waits = waits;
        op->access[op->access_count++] = request_access(self, MODE_READ);
    }
    cancel_enter(cancel_wake, NULL);
    step(op, address, pc);
    cancel_leave(pc);
}

bool cancel_missed(const struct fiber *fiber) {
    const struct thread *thread = fiber->thread;
    return thread != NULL && thread->cancelled && thread->interrupt != NULL;
}

/* --- what the program calls --- */

/* A thread that stands before its operation, rather than asleep, may miss the request. */
static bool misses(const struct fiber *fiber) {
    return fiber->state == FIBER_READY && step_choose(2, CHOICE_TIMEOUT) == 1;
}

static void check_target(const struct fiber *fiber, uintptr_t pc) {
    const struct thread *thread = thread_of(thread_find(thread_handle(fiber), SAY_CANCELS, pc));
    if (fiber->state == FIBER_ENDED && thread->detached)
        misuse(pc, DOING(PART(SAY_CANCELS), PART(SAY_DETACHED_ENDED, fiber->number)),
               &thread->detached_at, SAY_DETACHED_HERE);
}

static int cancel(pthread_t handle) {
    uintptr_t pc = CALLER();
    struct fiber *fiber = thread_find(handle, SAY_CANCELS, pc);
    const struct op op = {
        .kind = OP_CANCEL, .access_count = 1, .access = {request_access(fiber, MODE_ALL)}};
    step(&op, NULL, pc);
    check_target(fiber, pc);
    struct thread *thread = thread_of(fiber);
    bool first = !thread->cancelled;
    thread->cancelled = true;
    if (first && fiber != self && thread->interrupt != NULL && !misses(fiber))
        thread->interrupt(fiber);
    return 0;
}

__attribute__((used)) static int (*cancel_resolve(void))(pthread_t) {
    possible = true;
    return cancel;
}

EXPORT int pthread_cancel(pthread_t handle) __attribute__((ifunc("cancel_resolve")));

EXPORT void pthread_testcancel(void) {
    cancel_pass(OP_CANCEL, CALLER());
}

EXPORT int pthread_setcancelstate(int state, int *old) {
    struct thread *thread = thread_of(self);
    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
        return EINVAL;
    if (old != NULL)
        *old = thread->cancel_off ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
    thread->cancel_off = state == PTHREAD_CANCEL_DISABLE;
    self->writes++;
    return 0;
}

EXPORT int pthread_setcanceltype(int type, int *old) {
    if (type == PTHREAD_CANCEL_ASYNCHRONOUS)
        unsupported(CALLER(), SAY_CANCEL_ASYNCHRONOUS);
    if (type != PTHREAD_CANCEL_DEFERRED)
        return EINVAL;
    if (old != NULL)
        *old = PTHREAD_CANCEL_DEFERRED;
    return 0;
}
