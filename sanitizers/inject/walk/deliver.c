/* SPDX-License-Identifier: MIT */
#include "inject/walk/deliver.h"

#include <signal.h>

#include "inject/family/schedule.h"
#include "inject/family/signals.h"
#include "inject/family/virtual_clock.h"

static void end_child(const struct walk *walk, struct family *copy) {
    if (walk->points.all_end) {
        schedule_children_to_end(copy);
        return;
    }
    struct task *child = family_task(copy, walk->points.child);
    if (child == NULL || child->state == TASK_ENDED || child->state == TASK_ASLEEP)
        child = family_able(copy, 0); /* it is the second signal: that of another */
    if (child == NULL)
        family_stop_because(copy, FAMILY_LOST, "the child that was held is not there");
    else {
        struct family before = *copy;
        schedule_child_to_end(copy, child);
        copies_learn_end(walk->copies, copy, child, &before);
    }
}

void deliver_signal(const struct walk *walk, struct family *copy) {
    if (copy->end != FAMILY_GOES_ON)
        return;
    if (walk->options->child_exit)
        end_child(walk, copy);
    else if (walk->options->signal != SIGALRM || !virtual_clock_expire_early(copy))
        signals_send(copy, walk->options->signal);
}
