/* SPDX-License-Identifier: MIT */
#include "inject/walk/bounds.h"

void bounds_end_at_return(struct bounds *bounds, const struct task *first) {
    bounds->return_sp = cpu_sp(&first->cpu);
    tracee_get(first->pid, bounds->return_sp, &bounds->return_pc, sizeof bounds->return_pc);
}

void bounds_watch(struct bounds *bounds, const struct task *first) {
    if (bounds->until == 0 || cpu_pc(&first->cpu) != bounds->until || --bounds->until_left > 0)
        return;
    bounds_end_at_return(bounds, first);
}

bool bounds_reached(const struct bounds *bounds, const struct task *first) {
    return bounds->return_pc != 0 && cpu_pc(&first->cpu) == bounds->return_pc &&
           cpu_sp(&first->cpu) > bounds->return_sp;
}
