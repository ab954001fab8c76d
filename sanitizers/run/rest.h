/* SPDX-License-Identifier: MIT */
/* Can a process go on by itself, or must another do something first? */
#ifndef HAZARD_RUN_REST_H
#define HAZARD_RUN_REST_H

#include "run/proc.h"

enum rest {
    REST_BUSY,    /* a thread runs */
    REST_NAPPING, /* all threads sleep, but a time-out or a timer may wake one */
    /* All threads sleep in calls without a time-out: only another process, a
     * client or a signal can wake one. */
    REST_ASLEEP
};

/* Whose threads are in the process besides the program's own. */
enum rest_tool {
    REST_NO_TOOL,
    REST_TSAN /* its background thread naps for 100 ms at a time, for ever, and wakes no other */
};

enum rest rest_of_process(const struct proc *process, enum rest_tool tool);

/* Of all its processes: the one that can go on soonest. */
enum rest rest_of_tree(const struct proc_tree *tree, enum rest_tool tool);

/* Is the thread TSan's own, as far as it can be seen from its nap? */
bool rest_is_of_tsan(const struct proc *process, const struct proc_task *task);

/* Is it the process that clang's TSan asks for names? */
bool rest_is_symbolizer(const struct proc *process);

#endif
