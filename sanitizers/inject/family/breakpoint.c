/* SPDX-License-Identifier: MIT */
#include "inject/family/breakpoint.h"

bool breakpoint_set(struct breakpoint *breakpoint, pid_t pid, uint64_t pc) {
    breakpoint_clear(breakpoint, pid);
    if (!cpu_set_breakpoint(pid, pc, &breakpoint->under))
        return false;
    breakpoint->pc = pc;
    return true;
}

void breakpoint_clear(struct breakpoint *breakpoint, pid_t pid) {
    breakpoint_hide(breakpoint, pid);
    breakpoint->pc = 0;
}

void breakpoint_hide(const struct breakpoint *breakpoint, pid_t pid) {
    if (breakpoint->pc != 0)
        cpu_clear_breakpoint(pid, breakpoint->pc, breakpoint->under);
}

void breakpoint_show(struct breakpoint *breakpoint, pid_t pid) {
    if (breakpoint->pc != 0)
        cpu_set_breakpoint(pid, breakpoint->pc, &breakpoint->under);
}

bool breakpoint_was_hit(const struct breakpoint *breakpoint, const struct cpu *cpu) {
    return breakpoint->pc != 0 && cpu_pc(cpu) == breakpoint->pc + (uint64_t)cpu_breakpoint_size;
}
