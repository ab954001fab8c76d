/* SPDX-License-Identifier: MIT */
#include "inject/walk/deliver.h"

#include <signal.h>

static void end_child(const struct walk *walk, struct family *copy) {
    struct task *child = family_task(copy, walk->points.child);
    if (child == NULL || child->state != TASK_HELD)
        child = family_held(copy, 0); /* it is the second signal: that of another */
    if (child == NULL)
        family_stop_because(copy, FAMILY_LOST, "the child that was held is not there");
    else
        family_end_child(copy, child);
}

void deliver_signal(const struct walk *walk, struct family *copy) {
    if (copy->end != FAMILY_GOES_ON)
        return;
    if (walk->options->child_exit)
        end_child(walk, copy);
    else if (walk->options->signal != SIGALRM || !family_expire_timer(copy))
        family_signal(copy, walk->options->signal);
}
