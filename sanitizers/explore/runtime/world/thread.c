/* SPDX-License-Identifier: MIT */
/*
 * Threads: creation, end, join, detach.
 *
 * The end of a thread is an object of its own: 0, and 1 from the thread's last step on; join needs
 * 1. Its handle is another, which join and detach write: after either it must not be used. One more
 * counter, OP_MANY less the threads that live, is what the main thread waits for when it ends by
 * pthread_exit: the process ends with the last thread.
 *
 * A pthread_t is the address of the actor's stack space: it depends on nothing but the actor,
 * unlike the thread descriptors, which the fibers borrow and give back.
 */
#include "explore/runtime/base.h"

#include <errno.h>

#include "explore/runtime/actors.h"
#include "explore/runtime/audit/follow.h"
#include "explore/runtime/audit/libraries.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/lifetime.h"
#include "explore/runtime/object.h"
#include "explore/runtime/program.h"
#include "explore/runtime/step.h"
#include "explore/runtime/unhooked.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/world/attr.h"
#include "explore/runtime/world/cancel.h"
#include "explore/runtime/world/key.h"
#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/mutex.h"
#include "explore/runtime/world/once.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread.h"
#include "explore/runtime/world/thread_state.h"
#include "explore/runtime/world/unwind.h"

/* Of OBJECT_ACTOR, from 0 on: ends, requests to end (cancel.c), handles, and this. */
static const uint64_t living_key = (UINT64_C(3) * OP_ACTORS) << 3 | OBJECT_ACTOR;

static uint64_t end_key(const struct fiber *fiber) {
    return (uint64_t)fiber->id << 3 | OBJECT_ACTOR;
}

static struct object *living(void) {
    struct object *object = object_find(living_key);
    if (!object->known)
        object_set(object, OP_MANY);
    return object;
}

static struct access actor_access(uint64_t key, enum mode mode, int32_t need, int32_t delta) {
    return (struct access){
        .object = key, .need = need, .delta = delta, .mode = (uint8_t)mode, .bytes = 0xff};
}

struct access thread_end(const struct fiber *fiber, int32_t need) {
    return actor_access(end_key(fiber), MODE_READ, need, 0);
}

struct access thread_use(const struct fiber *fiber, enum mode mode) {
    return actor_access((UINT64_C(2) * OP_ACTORS + fiber->id) << 3 | OBJECT_ACTOR, mode, 0, 0);
}

/* --- creation --- */

static void thread_returned(void *result) {
    struct thread *thread = thread_of(self);
    thread->result = thread->c11 ? (void *)(intptr_t)(int)(intptr_t)result : result;
    thread->left_at = (uintptr_t)shared->actors[self->id].start + 1;
    thread_finish(thread);
}

/* The handle is written within the step, as libc writes it before the thread runs. */
static void create_step(const pthread_t *handle, uintptr_t pc) {
    uintptr_t address = (uintptr_t)handle;
    struct op op = {.kind = OP_CREATE, .access_count = 2};
    op.access[0] = actor_access(living()->key, MODE_POST, 0, -1);
    op.access[1] = actor_access(address & ~(uintptr_t)7, MODE_WRITE, 0, 0);
    step(&op, handle, pc);
}

/* One that begins in the code of a library runs without hooks there. */
static void note_library(const struct fiber *fiber, const struct thread *like) {
    const struct follow *call = follow_current();
    const char *library = libraries_name((uintptr_t)like->start);
    unhooked_thread(fiber->id, call != NULL && call->active ? call->name : NULL, library);
}

int thread_create(pthread_t *handle, const struct thread *like, uintptr_t pc) {
    sync_touch(handle, sizeof *handle, true, pc);
    create_step(handle, pc);
    struct fiber *fiber = actor_new(like->start, like->argument, thread_returned);
    if (fiber == NULL)
        unsupported_number(pc, SAY_MANY_THREADS, OP_ACTORS);
    struct thread *thread = thread_of(fiber);
    *thread = *like;
    thread->created = place_here(pc);
    note_library(fiber, like);
    fiber->clock = flow_now();
    hb_fork(fiber->id);
    *handle = thread_handle(fiber);
    return 0;
}

/* --- the end --- */

/* The main thread has ended, the process goes on: until the last of the others. */
_Noreturn static void main_finish(uintptr_t pc) {
    const struct op op = {.kind = OP_JOIN,
                          .access_count = 1,
                          .access = {actor_access(living()->key, MODE_READ, OP_MANY, 0)}};
    thread_of(self)->joins = NULL;
    self->waits = SAY_END_OF_OTHERS;
    step(&op, NULL, pc);
    for (int id = 1; id < fiber_count; id++)
        if (fibers[id] != NULL)
            hb_join(id);
    self->exit_pc = pc;
    self->exit_stack = self->stack;
    program_exit(0);
}

static void wake_joiners(struct thread *thread) {
    for (struct timed_sleeper *sleeper = thread->joiners; sleeper != NULL; sleeper = sleeper->next)
        step_wake(sleeper->fiber, &sleeper->retry);
    thread->joiners = NULL;
}

_Noreturn void thread_finish(struct thread *thread) {
    uintptr_t pc = thread->left_at;
    thread->leaving = true;
    once_abandon(thread->once);
    keys_destroy(thread);
    mutex_orphan(thread->robust, pc);
    struct op op = {.kind = OP_END, .access_count = 1};
    op.access[0] = actor_access(end_key(self), MODE_WRITE, 0, 1);
    if (self->id != 0)
        op.access[op.access_count++] = actor_access(living()->key, MODE_POST, 0, 1);
    lifetime_end(pc);
    step(&op, NULL, pc);
    wake_joiners(thread);
    if (self->id == 0)
        main_finish(pc);
    step_end_fiber();
}

_Noreturn void thread_exit(void *result, uintptr_t pc) {
    struct thread *thread = thread_of(self);
    thread->result = result;
    thread->left_at = pc;
    thread->leaving = true;
    unwind_thread(thread);
}

/* --- join --- */

static void check_joinable(struct fiber *fiber, uintptr_t pc) {
    const struct thread *thread = thread_of(fiber);
    if (fiber == self)
        misuse(pc, DOING(PART(SAY_JOINS), PART(SAY_ITSELF)), NULL, SAY_NOTHING);
    if (thread->detached)
        misuse(pc, DOING(PART(SAY_JOINS), PART(SAY_DETACHED_THREAD, fiber->number)),
               &thread->detached_at, SAY_DETACHED_HERE);
}

static int joined(struct fiber *fiber, void **result, uintptr_t pc) {
    thread_find(thread_handle(fiber), SAY_JOINS, pc);
    check_joinable(fiber, pc);
    struct thread *thread = thread_of(fiber);
    thread->joined = place_here(pc);
    hb_join(fiber->id);
    if (result != NULL) {
        sync_touch(result, sizeof *result, true, pc);
        *result = thread->result;
    }
    return 0;
}

static struct op join_op(const struct fiber *fiber, int32_t need) {
    return (struct op){.kind = OP_JOIN,
                       .access_count = 2,
                       .access = {thread_end(fiber, need), thread_use(fiber, MODE_WRITE)}};
}

static void joins(struct fiber *fiber) {
    self->waits = SAY_END_OF_ANOTHER;
    self->waits_for = 0;
    thread_of(self)->joins = fiber;
    thread_of(self)->waits_said = SAY_NOTHING;
}

static int try_join(struct fiber *fiber) {
    step_asks_end();
    if (object_find(end_key(fiber))->state > 0)
        return 0;
    step_amend(1, MODE_READ, 0);
    step_refused();
    return EBUSY;
}

struct joining {
    struct thread *thread;
    struct timed_sleeper sleeper;
};

static void stop_joining(const struct joining *joining) {
    struct timed_sleeper **at = &joining->thread->joiners;
    while (*at != NULL && *at != &joining->sleeper)
        at = &(*at)->next;
    if (*at != NULL)
        *at = joining->sleeper.next;
}

static void interrupt_joining(struct fiber *fiber) {
    stop_joining(thread_of(fiber)->interrupted);
    cancel_wake(fiber);
}

static int join_timed(struct fiber *fiber, void **result, struct limit *limit, uintptr_t pc) {
    struct op op = join_op(fiber, 0);
    cancel_step(&op, NULL, true, pc);
    if (try_join(fiber) == 0)
        return joined(fiber, result, pc);
    cancel_now(pc);
    if (limit->error != 0)
        return limit->error;
    if (limit_runs_out(limit))
        return ETIMEDOUT;
    struct joining joining = {thread_of(fiber), {.fiber = self, .retry = op}};
    joining.sleeper.next = joining.thread->joiners;
    joining.thread->joiners = &joining.sleeper;
    joins(fiber);
    cancel_enter(interrupt_joining, &joining);
    bool woken = step_sleep(true, limit->deadline);
    cancel_leave(pc);
    if (woken)
        return joined(fiber, result, pc);
    stop_joining(&joining);
    return ETIMEDOUT;
}

int thread_join(pthread_t handle, void **result, struct limit *limit, uintptr_t pc) {
    struct fiber *fiber = thread_find(handle, SAY_JOINS, pc);
    check_joinable(fiber, pc);
    if (limit != NULL)
        return join_timed(fiber, result, limit, pc);
    struct op op = join_op(fiber, 1);
    joins(fiber);
    cancel_step(&op, NULL, true, pc); /* glibc only looks if it has to wait */
    return joined(fiber, result, pc);
}

int thread_detach(pthread_t handle, uintptr_t pc) {
    struct fiber *fiber = thread_find(handle, SAY_DETACHES, pc);
    const struct op op = {
        .kind = OP_DETACH, .access_count = 1, .access = {thread_use(fiber, MODE_WRITE)}};
    step(&op, NULL, pc);
    thread_find(handle, SAY_DETACHES, pc);
    struct thread *thread = thread_of(fiber);
    if (thread->detached)
        misuse(pc, DOING(PART(SAY_DETACHES), PART(SAY_DETACHED_BEFORE, fiber->number)),
               &thread->detached_at, SAY_DETACHED_HERE);
    thread->detached = fiber->detached = true;
    thread->detached_at = place_here(pc);
    return 0;
}

/* --- what the program calls --- */

EXPORT int pthread_create(pthread_t *handle, const pthread_attr_t *attr, void *(*start)(void *),
                          void *argument) {
    uintptr_t pc = hook_caller;
    const struct attr *wanted = (const struct attr *)(const void *)attr;
    if (attr != NULL)
        sync_touch(attr, sizeof *wanted, false, pc);
    const struct thread like = {
        .start = start,
        .argument = argument,
        .detached = attr != NULL && wanted->detached == PTHREAD_CREATE_DETACHED,
    };
    return thread_create(handle, &like, pc);
}

EXPORT int pthread_join(pthread_t handle, void **result) {
    return thread_join(handle, result, NULL, hook_caller);
}

EXPORT int pthread_tryjoin_np(pthread_t handle, void **result) {
    uintptr_t pc = hook_caller;
    struct fiber *fiber = thread_find(handle, SAY_JOINS, pc);
    check_joinable(fiber, pc);
    const struct op op = join_op(fiber, 0);
    step(&op, NULL, pc);
    return try_join(fiber) == 0 ? joined(fiber, result, pc) : EBUSY;
}

EXPORT int pthread_clockjoin_np(pthread_t handle, void **result, clockid_t clock,
                                const struct timespec *time) {
    uintptr_t pc = hook_caller;
    if (time == NULL)
        return thread_join(handle, result, NULL, pc);
    struct limit limit = limit_until(clock, time, pc);
    return thread_join(handle, result, &limit, pc);
}

EXPORT int pthread_timedjoin_np(pthread_t handle, void **result, const struct timespec *time) {
    uintptr_t pc = hook_caller;
    if (time == NULL)
        return thread_join(handle, result, NULL, pc);
    struct limit limit = limit_until(CLOCK_REALTIME, time, pc);
    return thread_join(handle, result, &limit, pc);
}

EXPORT int pthread_detach(pthread_t handle) {
    return thread_detach(handle, hook_caller);
}

EXPORT _Noreturn void pthread_exit(void *result) {
    thread_exit(result, CALLER());
}

EXPORT pthread_t pthread_self(void) {
    return self == NULL ? STACK_ADDRESS : thread_handle(self);
}

/* fork is refused, so no handler ever runs. */
EXPORT int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
EXPORT int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
    (void)prepare, (void)parent, (void)child;
    return 0;
}
