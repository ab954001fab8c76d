/* SPDX-License-Identifier: MIT */
#include "inject/family/circle.h"

#include <string.h>
#include <sys/syscall.h>

#include "inject/process/state_hash.h"

#define FEW_NAPS 8 /* a program that only waits a little is not looked at */

void circle_break(struct circle *circle) {
    circle->naps = 0;
    circle->known = false;
}

/* (What the filter lets through, such as a change of the signal mask, is not seen here, but in the
 * state, where it has an effect.) */
void circle_note_call(struct circle *circle, long call) {
    static const short quiet[] = {SYS_nanosleep,     SYS_clock_nanosleep, SYS_rt_sigprocmask,
                                  SYS_rt_sigpending, SYS_sched_yield,     SYS_getpid,
                                  SYS_getppid,       SYS_gettid};
    for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
        if (quiet[i] == call)
            return;
    circle_break(circle);
}

static bool same_registers(const struct cpu *a, const struct cpu *b) {
    return memcmp(&a->regs, &b->regs, sizeof a->regs) == 0;
}

bool circle_is_closed(struct circle *circle, const struct task *task, size_t printed) {
    uint64_t state;
    if (++circle->naps < FEW_NAPS)
        return false;
    bool same = circle->known && printed == circle->printed &&
                same_registers(&circle->cpu, &task->cpu) && state_hash_whole(task->pid, &state) &&
                state == circle->state;
    circle->closed = same;
    if (same)
        return true;
    /* After Brent: at growing distances. */
    if ((circle->naps & (circle->naps - 1)) != 0)
        return false;
    circle->cpu = task->cpu;
    circle->printed = printed;
    circle->known = state_hash_whole(task->pid, &circle->state);
    return false;
}
