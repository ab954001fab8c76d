/* SPDX-License-Identifier: MIT */
/*
 * futex(2), as far as a program calls it by itself, through syscall(): FUTEX_WAIT and FUTEX_WAKE, and both with a mask
 * (_BITSET), on words of this process.
 *
 * A wait is one step: it looks at the word, and sleeps if that has the value that is expected. Which waiter is woken
 * is a choice, as the kernel promises no order; a wait may wake up for nothing, and one with a time-out may time out
 * early (limit.h). A futex orders nothing by itself (C11): what orders are the atomic operations around it.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "explore/runtime/bounds.h"
#include "explore/runtime/calls/patch.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/race.h"
#include "explore/runtime/step.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/tls.h"
#include "explore/runtime/unhooked.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/world/cond.h"
#include "explore/runtime/world/futex.h"
#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/sync.h"
#include "explore/search/search.h"

enum { WORD = sizeof(int) };

static struct futex *futex_at(const int *word, uintptr_t pc) {
    sync_check_memory(word, WORD, SYNC_FUTEX, pc);
    struct futex *futex = sync_find(word, SYNC_FUTEX);
    return futex != NULL ? futex : sync_adopt(word, SYNC_FUTEX, sizeof *futex, 0, pc);
}

static struct access word_access(const int *word) {
    uintptr_t address = (uintptr_t)word;
    return (struct access){.object = (address & ~(uintptr_t)7) | OBJECT_MEMORY,
                           .mode = MODE_READ,
                           .bytes = (uint8_t)(0xf << (address & 7))};
}

/* What is asked for: the arguments. */
struct futex_request {
    int *word;
    int operation; /* without its flags */
    bool realtime;
    int value;
    const struct timespec *time;
    uint32_t bits;
    uintptr_t pc;
};

struct futex_waiter {
    struct timed_sleeper sleeper; /* first: it stands in the list */
    uint32_t bits;
};

/* How long a wait is: from now on, or until then. */
static struct limit limit_of(const struct futex_request *request) {
    if (request->operation == FUTEX_WAIT)
        return limit_after(request->time);
    return limit_until(request->realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC, request->time,
                       request->pc);
}

/* A time that is over is tried both ways, as long as it may be: somebody may wake the thread before the kernel has
 * looked at the time. */
static enum limit_end ends_early(const struct limit *limit) {
    bool over = limit != NULL && limit_is_over(limit), may = bounds_may(BOUND_TIMEOUTS);
    enum limit_end end = limit_ends_early(limit);
    return end == LIMIT_WAITS && over && !may ? LIMIT_RUNS_OUT : end;
}

static int sleep_on(struct futex *futex, const struct futex_request *request,
                    const struct limit *limit, char *hook) {
    struct futex_waiter waiter = {{.fiber = self, .retry = {.kind = OP_FUTEX_WAIT}}, request->bits};
    sync_sleeps(&futex->waiters, &waiter.sleeper);
    sync_waits_for(self, &futex->sync, SAY_FUTEX);
    step_rest(hook, 1);
    if (step_sleep(limit != NULL, limit != NULL ? limit->deadline : 0))
        return 0;
    sync_leaves(&futex->waiters, &waiter.sleeper);
    return ETIMEDOUT;
}

/* It does not sleep: it has only looked. */
static int leave(enum limit_end why, const struct limit *limit) {
    step_amend(0, MODE_READ, 0);
    if (why != LIMIT_RUNS_OUT)
        return 0;
    flow_to(limit->deadline);
    return ETIMEDOUT;
}

static int wait_on(const struct futex_request *request) {
    char *hook = hook_frame;
    const int *word = request->word;
    struct futex *futex = futex_at(word, request->pc);
    const struct op op = {
        .kind = OP_FUTEX_WAIT,
        .access_count = 2,
        .access = {sync_access(&futex->sync, MODE_WRITE, 0, 0), word_access(word)}};
    step(&op, word, request->pc);
    race_atomic((uintptr_t)word, WORD, false, request->pc);
    step_unordered(); /* it hangs on who has changed the word, or wakes it */
    if (__atomic_load_n(word, __ATOMIC_RELAXED) != request->value) {
        step_amend(0, MODE_READ, 0);
        step_failed();
        return EAGAIN;
    }
    struct limit timed = {0}, *limit = request->time != NULL ? &timed : NULL;
    if (limit != NULL)
        timed = limit_of(request);
    enum limit_end why = ends_early(limit);
    return why == LIMIT_WAITS ? sleep_on(futex, request, limit, hook) : leave(why, limit);
}

static struct timed_sleeper **next_match(struct timed_sleeper **at, uint32_t bits) {
    while (*at != NULL && (((const struct futex_waiter *)*at)->bits & bits) == 0)
        at = &(*at)->next;
    return at;
}

static int count_matches(struct futex *futex, uint32_t bits) {
    int count = 0;
    for (struct timed_sleeper **at = next_match(&futex->waiters, bits); *at != NULL;
         at = next_match(&(*at)->next, bits))
        count++;
    return count;
}

/* One of several, or all: how many. */
static int wake_some(struct futex *futex, int count, const struct futex_request *request) {
    struct cond_note *note = cond_note(&futex->sync);
    struct timed_sleeper **at = next_match(&futex->waiters, request->bits);
    int most = request->value < 1 ? 1 : request->value; /* as the kernel takes it */
    if (count == 0) {
        step_amend(0, MODE_READ, 0);
        if (futex->waiters == NULL) /* else it is for others */
            note->lost = place_here(request->pc);
        return 0;
    }
    if (most < count && most > 1)
        unsupported_call(request->pc, "futex", SAY_WAKES_SOME);
    for (int skip = most < count ? step_choose(count, CHOICE_WAITER) : 0; skip > 0; skip--)
        at = next_match(&(*at)->next, request->bits);
    if (most < count) {
        note->given = place_here(request->pc);
        note->woken = (*at)->fiber;
    }
    int woken = most < count ? 1 : count;
    for (int i = 0; i < woken; i++) {
        struct timed_sleeper *waiter = *at;
        *at = waiter->next;
        step_wake(waiter->fiber, &waiter->retry);
        at = next_match(at, request->bits);
    }
    return woken;
}

static int wake(const struct futex_request *request) {
    struct futex *futex = futex_at(request->word, request->pc);
    sync_step(OP_FUTEX_WAKE, &futex->sync, sync_access(&futex->sync, MODE_WRITE, 0, 0),
              request->pc);
    return wake_some(futex, count_matches(futex, request->bits), request);
}

static bool time_valid(const struct timespec *time, uintptr_t pc) {
    enum { NANOSECONDS = 1000000000 };
    sync_touch(time, sizeof *time, false, pc);
    return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < NANOSECONDS;
}

/* What the kernel refuses, before it looks at the word. */
static bool is_valid(const struct futex_request *request) {
    bool waits = request->operation == FUTEX_WAIT || request->operation == FUTEX_WAIT_BITSET;
    return (!waits || request->time == NULL || time_valid(request->time, request->pc)) &&
           request->bits != 0 && (uintptr_t)request->word % WORD == 0;
}

/* A word that stands seventh lies on the stack of who calls, above what the stub pushed: which hook, six arguments, six
 * registers, the return address. */
static long seventh(void) {
    enum { SEVENTH = 1 + 6 + 6 + 1 };
    return ((const long *)(const void *)hook_frame)[SEVENTH];
}

static struct futex_request read_arguments(va_list arguments, uintptr_t pc) {
    struct futex_request request = {.word = va_arg(arguments, int *), .pc = pc};
    int operation = va_arg(arguments, int);
    request.operation = operation & FUTEX_CMD_MASK;
    request.realtime = (operation & FUTEX_CLOCK_REALTIME) != 0;
    request.value = va_arg(arguments, int);
    request.time = va_arg(arguments, const struct timespec *);
    bool masked = request.operation == FUTEX_WAIT_BITSET || request.operation == FUTEX_WAKE_BITSET;
    request.bits = masked ? (uint32_t)seventh() : FUTEX_BITSET_MATCH_ANY;
    return request;
}

static void refuse_others(const struct futex_request *request) {
    switch (request->operation) {
    case FUTEX_WAIT_BITSET:
        return;
    case FUTEX_WAIT:
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
        if (request->realtime) /* one kernel takes it, another does not */
            unsupported_call(request->pc, "futex", SAY_FUTEX_CLOCK);
        return;
    default:
        unsupported_call(request->pc, "futex", SAY_FUTEX_OTHER);
    }
}

static long call_futex(va_list arguments, uintptr_t pc) {
    const struct futex_request request = read_arguments(arguments, pc);
    bool wakes = request.operation == FUTEX_WAKE || request.operation == FUTEX_WAKE_BITSET;
    refuse_others(&request);
    int error = !is_valid(&request) ? EINVAL : 0;
    if (error == 0 && wakes)
        return wake(&request);
    if (error == 0)
        error = wait_on(&request);
    if (error != 0)
        *tls_errno(self->fs) = error;
    return error != 0 ? -1 : 0;
}

/* Before main a constructor, or that of a library, may ask for what it likes. */
static long call_kernel(long number, va_list arguments) {
    long words[5], last = seventh();
    for (int i = 0; i < 5; i++)
        words[i] = va_arg(arguments, long);
    long result = system_call(number, words[0], words[1], words[2], words[3], words[4], last);
    if (result >= 0 || result < -4095)
        return result;
    errno = (int)-result;
    return -1;
}

/* A library's own futexes would go with atomics that nobody sees. */
EXPORT long syscall(long number, ...) {
    uintptr_t pc = hook_caller;
    va_list arguments;
    va_start(arguments, number);
    if (exploring && (number != SYS_futex || !patch_is_program(pc))) {
        unhooked_check_thread(pc);
        unsupported_call(pc, "syscall", SAY_KERNEL_CALLED);
    }
    long result = exploring ? call_futex(arguments, pc) : call_kernel(number, arguments);
    va_end(arguments);
    return result;
}
