/* SPDX-License-Identifier: MIT */
/* Timed waits. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_LIMIT_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_LIMIT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "explore/message/message.h"
#include "explore/runtime/world/sync.h"

/* A time limit: what a timed wait has. */
struct limit {
    uint64_t deadline; /* virtual nanoseconds, as fiber->clock */
    int error;         /* EINVAL: no valid time */
    bool asked;        /* the search has said whether it runs out early */
};

struct limit limit_until(clockid_t clock, const struct timespec *time, uintptr_t pc);

/* So long from the step in progress on. */
struct limit limit_after(const struct timespec *time);

/* Within a step: does the time run out now, by choice of the search or because it is over? */
bool limit_runs_out(struct limit *limit);
bool limit_is_over(const struct limit *limit);

/* Likewise of a wait that may also wake up for nothing: is it over before anybody wakes it? NULL: it has no limit. */
enum limit_end { LIMIT_WAITS, LIMIT_WAKES_FOR_NOTHING, LIMIT_RUNS_OUT };
enum limit_end limit_ends_early(const struct limit *limit);

/* After a failed attempt: waits until the object changes; then `retry` has been granted. 0, or why
 * it gave up (ETIMEDOUT, EINVAL). `point`: a cancellation point. */
int limit_sleep(struct sync *sync, const struct op *retry, struct limit *limit,
                enum message_text what, bool point);
void limit_wake(struct sync *sync); /* the object has changed */

#endif
