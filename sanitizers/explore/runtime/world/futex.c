/* SPDX-License-Identifier: MIT */
/*
 * futex(2), as far as a program calls it by itself, through syscall(): FUTEX_WAIT without a time-out and FUTEX_WAKE, on
 * words of this process.
 *
 * A wait is one step: it looks at the word, and sleeps if that has the value that is expected. Which waiter is woken
 * is a choice, as the kernel promises no order; a wait may wake up for nothing. A futex orders
 * nothing by itself (C11): what orders are the atomic operations around it.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/runtime/bounds.h"
#include "explore/runtime/calls/patch.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/race.h"
#include "explore/runtime/step.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/tls.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/world/cond.h"
#include "explore/runtime/world/futex.h"
#include "explore/runtime/world/sync.h"
#include "explore/search/search.h"

enum { WORD = sizeof(int) };

static struct futex *futex_at(const int *word, uintptr_t pc) {
    sync_check_memory(word, WORD, pc);
    struct futex *futex = sync_find(word, SYNC_FUTEX);
    return futex != NULL ? futex : sync_adopt(word, SYNC_FUTEX, sizeof *futex, 0, pc);
}

static struct access word_access(const int *word) {
    uintptr_t address = (uintptr_t)word;
    return (struct access){.object = (address & ~(uintptr_t)7) | OBJECT_MEMORY,
                           .mode = MODE_READ,
                           .bytes = (uint8_t)(0xf << (address & 7))};
}

static int wait_on(const int *word, int expected, uintptr_t pc) {
    char *hook = hook_frame;
    struct futex *futex = futex_at(word, pc);
    const struct op op = {
        .kind = OP_FUTEX_WAIT,
        .access_count = 2,
        .access = {sync_access(&futex->sync, MODE_WRITE, 0, 0), word_access(word)}};
    step(&op, word, pc);
    race_atomic((uintptr_t)word, WORD, false, pc);
    step_unordered(); /* it hangs on who has changed the word, or wakes it */
    bool differs = __atomic_load_n(word, __ATOMIC_RELAXED) != expected;
    if (differs || (bounds_may(BOUND_SPURIOUS) && bounds_choose(BOUND_SPURIOUS, CHOICE_SPURIOUS))) {
        step_amend(0, MODE_READ, 0);
        if (differs)
            step_failed();
        return differs ? EAGAIN : 0;
    }
    struct timed_sleeper waiter = {.fiber = self, .retry = {.kind = OP_FUTEX_WAIT}};
    sync_sleeps(&futex->waiters, &waiter);
    sync_waits_for(self, &futex->sync, SAY_FUTEX);
    step_rest(hook, 1);
    step_sleep(false, 0);
    return 0;
}

/* One of several, or all: how many. */
static int wake_some(struct futex *futex, int count, int most, uintptr_t pc) {
    struct cond_note *note = cond_note(&futex->sync);
    struct timed_sleeper **at = &futex->waiters;
    if (count == 0 || most == 0) {
        step_amend(0, MODE_READ, 0);
        note->lost = place_here(pc);
        return 0;
    }
    if (most < count && most > 1)
        unsupported_call(pc, "futex", SAY_WAKES_SOME);
    for (int skip = most < count ? step_choose(count, CHOICE_WAITER) : 0; skip > 0; skip--)
        at = &(*at)->next;
    if (most < count) {
        note->given = place_here(pc);
        note->woken = (*at)->fiber;
    }
    int woken = most < count ? 1 : count;
    for (int i = 0; i < woken; i++) {
        struct timed_sleeper *waiter = *at;
        *at = waiter->next;
        step_wake(waiter->fiber, &waiter->retry);
    }
    return woken;
}

static int wake(const int *word, int most, uintptr_t pc) {
    struct futex *futex = futex_at(word, pc);
    sync_step(OP_FUTEX_WAKE, &futex->sync, sync_access(&futex->sync, MODE_WRITE, 0, 0), pc);
    int count = 0;
    for (const struct timed_sleeper *waiter = futex->waiters; waiter != NULL; waiter = waiter->next)
        count++;
    return wake_some(futex, count, most < 0 ? 0 : most, pc);
}

static long call_futex(va_list arguments, uintptr_t pc) {
    int *word = va_arg(arguments, int *);
    int operation = va_arg(arguments, int) & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME);
    int value = va_arg(arguments, int);
    const void *time = va_arg(arguments, const void *);
    if (operation == FUTEX_WAKE)
        return wake(word, value, pc);
    if (operation != FUTEX_WAIT || time != NULL)
        unsupported_call(pc, "futex", operation != FUTEX_WAIT ? SAY_FUTEX_OTHER : SAY_FUTEX_TIMED);
    int error = wait_on(word, value, pc);
    if (error != 0)
        *tls_errno(self->fs) = error;
    return error != 0 ? -1 : 0;
}

/* Before main a constructor, or that of a library, may ask for what it likes. What it says seventh lies on its stack, above
 * what the stub pushed: which hook, six arguments, six registers, the return address. */
static long call_kernel(long number, va_list arguments) {
    enum { SEVENTH = 1 + 6 + 6 + 1 };
    long words[5], last = ((const long *)(const void *)hook_frame)[SEVENTH];
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
    if (exploring && (number != SYS_futex || !patch_is_program(pc)))
        unsupported_call(pc, "syscall", SAY_KERNEL_CALLED);
    long result = exploring ? call_futex(arguments, pc) : call_kernel(number, arguments);
    va_end(arguments);
    return result;
}
