/* SPDX-License-Identifier: MIT */
/*
 * Timed waits.
 *
 * Time is virtual, so when a wait's time runs out is the search's to choose: at once, or not before
 * nothing else can happen. What lies between is no different: a wait that ends without success
 * leaves no trace, and when its thread goes on is a matter of the schedule anyway. So that
 * executions stay finite, each thread may choose an early end only so often as
 * the bound on it says; at quiescence time always runs out. POSIX: what is free is taken even if the time is over.
 *
 * A thread that waits sleeps. Whoever changes the object wakes all that sleep there, and each tries
 * again.
 */
#include "explore/runtime/base.h"

#include <errno.h>

#include "explore/runtime/bounds.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/step.h"
#include "explore/runtime/world/cancel.h"
#include "explore/runtime/world/clock.h"
#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"
#include "explore/search/search.h"

enum { NANOSECONDS = 1000000000 };

struct limit limit_until(clockid_t clock, const struct timespec *time, uintptr_t pc) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
        return (struct limit){.error = EINVAL};
    sync_touch(time, sizeof *time, false, pc);
    if (time->tv_nsec < 0 || time->tv_nsec >= NANOSECONDS)
        return (struct limit){.error = EINVAL};
    uint64_t start = clock_start(clock), end = 0;
    if (time->tv_sec > 0 && __builtin_mul_overflow((uint64_t)time->tv_sec, NANOSECONDS, &end))
        end = UINT64_MAX / 2;
    end += (uint64_t)time->tv_nsec;
    return (struct limit){.deadline = end > start ? end - start : 0};
}

struct limit limit_after(const struct timespec *time) {
    uint64_t length, end;
    if (__builtin_mul_overflow((uint64_t)time->tv_sec, NANOSECONDS, &length) ||
        __builtin_add_overflow(flow_now(), length + (uint64_t)time->tv_nsec, &end) || end < length)
        end = UINT64_MAX / 2;
    return (struct limit){.deadline = end};
}

/* Not before what the step in progress depends on. */
bool limit_is_over(const struct limit *limit) {
    fiber_look();
    return flow_now() >= limit->deadline;
}

bool limit_runs_out(struct limit *limit) {
    if (limit_is_over(limit))
        return true;
    if (limit->asked || !bounds_may(BOUND_TIMEOUTS))
        return false;
    limit->asked = true;
    if (!bounds_choose(BOUND_TIMEOUTS, CHOICE_TIMEOUT))
        return false;
    flow_to(limit->deadline);
    return true;
}

/* A step has one choice: where both may happen, among all three. */
static enum limit_end choose_end(void) {
    enum limit_end end = (enum limit_end)step_choose(3, CHOICE_TIMEOUT);
    if (end != LIMIT_WAITS)
        bounds_use(end == LIMIT_RUNS_OUT ? BOUND_TIMEOUTS : BOUND_SPURIOUS);
    return end;
}

enum limit_end limit_ends_early(const struct limit *limit) {
    bool spurious = bounds_may(BOUND_SPURIOUS);
    if (limit != NULL && bounds_may(BOUND_TIMEOUTS)) {
        if (spurious)
            return choose_end();
        return bounds_choose(BOUND_TIMEOUTS, CHOICE_TIMEOUT) ? LIMIT_RUNS_OUT : LIMIT_WAITS;
    }
    return spurious && bounds_choose(BOUND_SPURIOUS, CHOICE_SPURIOUS) ? LIMIT_WAKES_FOR_NOTHING
                                                                      : LIMIT_WAITS;
}

struct sleep {
    struct sync *sync;
    struct timed_sleeper sleeper;
};

static void interrupt_sleep(struct fiber *fiber) {
    struct sleep *sleep = thread_of(fiber)->interrupted;
    sync_leaves(&sleep->sync->sleepers, &sleep->sleeper);
    cancel_wake(fiber);
}

int limit_sleep(struct sync *sync, const struct op *retry, struct limit *limit,
                enum message_text what, bool point) {
    if (limit->error != 0)
        return limit->error;
    if (limit_runs_out(limit))
        return ETIMEDOUT;
    struct sleep sleep = {sync, {.fiber = self, .retry = *retry, .next = sync->sleepers}};
    sync->sleepers = &sleep.sleeper;
    uintptr_t pc = (uintptr_t)self->pc;
    sync_waits_for(self, sync, what);
    if (point)
        cancel_enter(interrupt_sleep, &sleep);
    bool woken = step_sleep(true, limit->deadline);
    if (point)
        cancel_leave(pc);
    if (woken)
        return 0;
    sync_leaves(&sync->sleepers, &sleep.sleeper);
    return ETIMEDOUT;
}

void limit_wake(struct sync *sync) {
    struct timed_sleeper *sleeper = sync->sleepers;
    sync->sleepers = NULL;
    for (; sleeper != NULL; sleeper = sleeper->next)
        step_wake(sleeper->fiber, &sleeper->retry);
}
