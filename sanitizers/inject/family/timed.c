/* SPDX-License-Identifier: MIT */
#include "inject/family/timed.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include "inject/family/execute.h"
#include "inject/family/virtual_clock.h"
#include "inject/process/call_table.h"

/* Nanoseconds until that time is up, as futex(2) has it; -1: never. */
static int64_t futex_time_out(const struct family *family, const struct task *task,
                              const struct timespec *time) {
    int operation = (int)cpu_argument(&task->cpu, 1);
    clockid_t clock = (operation & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    int64_t left;
    switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
        return time->tv_sec * 1000000000 + time->tv_nsec;
    case FUTEX_LOCK_PI:
        clock = CLOCK_REALTIME;
        break;
    case FUTEX_WAIT_BITSET:
        break;
    default:
        return -1;
    }
    left = virtual_clock_until(family, clock, time);
    return left < 0 ? 0 : left;
}

/* Nanoseconds until the call's time is up; -1: never. */
static int64_t time_out(const struct family *family, const struct task *task,
                        const struct timed_call *timed) {
    uint64_t value = cpu_argument(&task->cpu, timed->argument);
    if (!timed->pointer)
        return (int)value < 0 ? -1 : (int)value * timed->unit;
    int64_t words[2];
    if (value == 0 || !tracee_get(task->pid, value, words, sizeof words))
        return -1;
    if (timed->call == SYS_futex)
        return futex_time_out(family, task, &(struct timespec){words[0], words[1]});
    return words[0] * 1000000000 + words[1] * timed->unit;
}

/* select(2) clears its sets when the time is up. */
struct kept_sets {
    unsigned char bytes[3][128];
};

static void keep_sets(const struct task *task, struct kept_sets *sets, bool put_back) {
    long call = cpu_call(&task->cpu);
    size_t length = (cpu_argument(&task->cpu, 0) + 63) / 64 * 8;
    if ((call != SYS_select && call != SYS_pselect6) || length > sizeof sets->bytes[0])
        return;
    for (int i = 0; i < 3; i++) {
        uint64_t address = cpu_argument(&task->cpu, i + 1);
        if (address != 0 && put_back)
            tracee_put(task->pid, address, sets->bytes[i], length);
        else if (address != 0)
            tracee_get(task->pid, address, sets->bytes[i], length);
    }
}

/* The call with no time to wait. True if it did not just say that the time is up. */
static bool try_without_waiting(struct family *family, struct task *task,
                                const struct timed_call *timed, bool put_back) {
    struct cpu at_call = task->cpu, asked = task->cpu;
    static const uint64_t zero[2];
    struct kept_sets sets;
    keep_sets(task, &sets, false);
    if (timed->pointer)
        tracee_put(task->pid, cpu_scratch(&task->cpu), zero, sizeof zero);
    cpu_set_argument(&asked, timed->argument, timed->pointer ? cpu_scratch(&task->cpu) : 0);
    execute_call(family, task, &asked);
    if (task->state != TASK_READY)
        return true;
    struct cpu behind = at_call;
    cpu_skip_call(&behind, 0);
    long result = cpu_result(&task->cpu);
    if (cpu_pc(&task->cpu) != cpu_pc(&behind) ||
        (result != 0 && result != -EAGAIN && result != -ETIMEDOUT) || !put_back)
        return true;
    task->cpu = at_call;
    cpu_write(task->pid, &task->cpu);
    keep_sets(task, &sets, true);
    return false;
}

bool timed_takes(struct family *family, struct task *task) {
    const struct timed_call *timed = call_timed(cpu_call(&task->cpu));
    int64_t length = timed == NULL ? -1 : time_out(family, task, timed);
    if (length <= 0 || task->signal != 0)
        return false;
    if (try_without_waiting(family, task, timed, true))
        return true;
    task->state = TASK_NAPPING;
    task->retries = true;
    task->wakes_at = family->clock + length;
    return true;
}

void timed_retry(struct family *family, struct task *task) {
    const struct timed_call *timed = call_timed(cpu_call(&task->cpu));
    if (!try_without_waiting(family, task, timed, true))
        task->state = TASK_NAPPING;
}

void timed_nap_over(struct family *family, struct task *task) {
    family->clock = task->wakes_at > family->clock ? task->wakes_at : family->clock;
    if (task->retries) {
        task->at_call = false;
        try_without_waiting(family, task, call_timed(cpu_call(&task->cpu)), false);
        return;
    }
    task_answer(task, 0);
}
