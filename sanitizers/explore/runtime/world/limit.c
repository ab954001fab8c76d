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

static void sleepers_remove(struct sync *sync, const struct timed_sleeper *sleeper) {
    for (struct timed_sleeper **at = &sync->sleepers; *at != NULL; at = &(*at)->next)
        if (*at == sleeper) {
            *at = sleeper->next;
            return;
        }
}

struct sleep {
    struct sync *sync;
    struct timed_sleeper sleeper;
};

static void interrupt_sleep(struct fiber *fiber) {
    struct sleep *sleep = thread_of(fiber)->interrupted;
    sleepers_remove(sleep->sync, &sleep->sleeper);
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
    sleepers_remove(sync, &sleep.sleeper);
    return ETIMEDOUT;
}

void limit_wake(struct sync *sync) {
    struct timed_sleeper *sleeper = sync->sleepers;
    sync->sleepers = NULL;
    for (; sleeper != NULL; sleeper = sleeper->next)
        step_wake(sleeper->fiber, &sleeper->retry);
}
