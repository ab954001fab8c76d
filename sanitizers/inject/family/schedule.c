/* SPDX-License-Identifier: MIT */
#include "inject/family/schedule.h"

#include "inject/family/advance.h"
#include "inject/family/execute.h"
#include "inject/family/order.h"
#include "inject/family/signals.h"
#include "inject/family/timed.h"
#include "inject/family/virtual_clock.h"
#include "inject/family/waits.h"

#define GRACE_CALLS 20000 /* calls of a process that may be polling for something */
#define FEW_CALLS 200     /* of one that was let go and is to end at each point in turn */

/* ---- Letting sources go ---------------------------------------------------------------- */

/* Nobody will ever change that. */
static void stop_in_circle(struct family *family, const char *why) {
    family->circle.closed = true;
    family_stop_because(family, FAMILY_RAN_AWAY, why);
}

/* The first process naps, as it has done before, and that is all that goes on. */
static bool goes_in_circle(struct family *family, const struct task *napping) {
    if (napping != family->tasks[0] || !order_is_alone(family) || family->delayed.count > 0 ||
        napping->timer_at >= 0)
        return false;
    family_drain(family);
    return circle_is_closed(&family->circle, napping, output_length(&family->output));
}

/* False if there is none; what waits for its time is one only with `timed`. */
static bool release(struct family *family, bool timed) {
    struct order_next next = order_source(family, timed);
    family->calls = 0;
    if (next.source != ORDER_NOTHING)
        family_count_wait(family);
    family->changes += next.source == ORDER_SIGNAL || next.source == ORDER_TIMER;
    switch (next.source) {
    case ORDER_NOTHING:
        return false;
    case ORDER_CHILD:
        next.task->state = TASK_READY;
        break;
    case ORDER_SIGNAL:
        signals_release(family, next.signal);
        break;
    case ORDER_TIMER:
        virtual_clock_expire(family, next.task);
        break;
    case ORDER_NAP:
        if (goes_in_circle(family, next.task))
            stop_in_circle(family, limits_words(LIMITS_WAITS));
        timed_nap_over(family, next.task);
        break;
    }
    return true;
}

/* ---- One stretch of a task -------------------------------------------------------------- */

/* Many calls were made since something was let go: `task` may be polling. */
static bool polls(struct family *family, const struct task *task) {
    if (family->calls < GRACE_CALLS || family->end != FAMILY_GOES_ON)
        return false;
    family->calls = 0;
    if (tracee_seconds(task->pid) > family->budget)
        family_stop_because(family, FAMILY_RAN_AWAY, "");
    return family->end == FAMILY_GOES_ON && task->state == TASK_READY;
}

/* Not the first process: that one may wait for what this one, which spins, has to do yet. */
static void advance_other(struct family *family, struct task *task) {
    enum advance_spin spin = advance_task(family, task);
    if (spin != ADVANCE_NO_SPIN)
        release(family, spin >= ADVANCE_WAITS);
    polls(family, task);
}

/* Each of the others who can go on does, once; if there is nobody, something is let go. False if
 * there was nothing. */
static bool let_others(struct family *family, bool timed) {
    bool any = false;
    size_t count = family->task_count;
    for (size_t i = 1; i < count; i++) {
        if (family->tasks[i]->state != TASK_READY || family->end != FAMILY_GOES_ON)
            continue;
        any = true;
        advance_other(family, family->tasks[i]);
    }
    return any || release(family, timed);
}

static void advance(struct family *family, struct task *task) {
    if (task != family->tasks[0]) {
        advance_other(family, task);
        return;
    }
    enum advance_spin spin = advance_task(family, task);
    bool others = spin != ADVANCE_NO_SPIN && let_others(family, spin >= ADVANCE_WAITS);
    if (spin == ADVANCE_ROUND && !others)
        stop_in_circle(family, "");
    if (polls(family, task))
        let_others(family, true);
}

/* ---- All of them ----------------------------------------------------------------------- */

/* A call that wakes a task has done so when it returns: one that sleeps still was not meant. */
static bool was_woken(struct family *family, const struct task *task) {
    return !task_sleeps(task) || family_drain(family);
}

/* What one did may have woken others. */
static void look_at_sleepers(struct family *family) {
    for (size_t i = 0; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->state == TASK_ASLEEP && was_woken(family, task))
            execute_settle(family, task, true);
        else if (task->state == TASK_NAPPING && task->retries)
            timed_retry(family, task);
    }
}

void schedule_look(struct family *family) {
    for (size_t i = 1; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->state == TASK_ASLEEP && was_woken(family, task))
            execute_settle(family, task, true);
    }
}

/* Somebody who can go on does, else a source is let go. False if there is neither. */
static bool go_on(struct family *family) {
    struct task *next = order_ready(family);
    if (next == NULL)
        return release(family, true);
    advance(family, next);
    return true;
}

bool schedule_others(struct family *family) {
    bool any = let_others(family, true);
    for (bool more = any; more && family->end == FAMILY_GOES_ON;) {
        more = false;
        for (size_t i = 1; i < family->task_count; i++) {
            if (family->tasks[i]->state != TASK_READY)
                continue;
            more = true;
            advance_other(family, family->tasks[i]);
        }
        look_at_sleepers(family);
    }
    return any;
}

static bool rests(const struct family *family) {
    return family->end == FAMILY_GOES_ON && family->tasks[0]->state != TASK_READY;
}

bool schedule_rest_to_change(struct family *family) {
    uint64_t changes = family->changes;
    look_at_sleepers(family);
    while (rests(family) && family->changes == changes) {
        if (!go_on(family))
            family_stop_because(family, FAMILY_DEADLOCK, waits_of_first(family));
        if (family->end == FAMILY_GOES_ON)
            look_at_sleepers(family);
    }
    return rests(family);
}

void schedule_rest(struct family *family) {
    while (schedule_rest_to_change(family))
        continue;
}

void schedule_step(struct family *family) {
    advance_step(family);
    if (family->tasks[0]->state != TASK_READY)
        schedule_rest(family);
}

/* ---- To the end ------------------------------------------------------------------------ */

/* Children that the first process left behind print, too: as far as they come by themselves. */
static void run_survivors(struct family *family) {
    enum family_end end = family->end;
    const char *why = family->why;
    bool more = true;
    family->end = FAMILY_GOES_ON;
    while (more && family->end == FAMILY_GOES_ON && !order_is_alone(family)) {
        look_at_sleepers(family);
        more = go_on(family);
    }
    bool bounded =
        family->limits.endless || family->end == FAMILY_INTERRUPTED || family->end == FAMILY_CUT;
    if (!bounded) {
        family->end = end;
        family->why = why;
    }
    family_drain(family);
}

void schedule_run(struct family *family) {
    struct task *first = family->tasks[0];
    family->breakpoint.met = false;
    while (family->end == FAMILY_GOES_ON && !family->breakpoint.met) {
        if (first->state == TASK_READY)
            advance(family, first);
        else
            schedule_rest(family);
    }
    family_drain(family);
    if (family->end == FAMILY_EXITED || family->end == FAMILY_KILLED)
        run_survivors(family);
}

bool schedule_run_to(struct family *family, uint64_t pc, uint64_t meetings) {
    const struct task *first = family->tasks[0];
    for (uint64_t i = 0; i < meetings && family->end == FAMILY_GOES_ON; i++) {
        if (cpu_pc(&first->cpu) == pc)
            schedule_step(family);
        if (family->end != FAMILY_GOES_ON || !breakpoint_set(&family->breakpoint, first->pid, pc))
            break;
        schedule_run(family);
        breakpoint_clear(&family->breakpoint, first->pid);
    }
    return family->end == FAMILY_GOES_ON && family->breakpoint.met;
}

/* Some way of it without the first process. False if it only waits for that: it goes round, or polls.
 */
static bool goes_on_alone(struct family *family, struct task *task, int patience) {
    enum advance_spin spin = advance_task(family, task);
    if (spin >= ADVANCE_WAITS || family->calls >= patience)
        return release(family, false);
    return true;
}

/* The child goes on by itself, and they that it made, until it has ended or waits. */
static void go_to_end(struct family *family, struct task *child) {
    int patience = child->state == TASK_HELD ? GRACE_CALLS : FEW_CALLS;
    if (child->state == TASK_HELD)
        child->state = TASK_READY;
    family->calls = 0;
    while (child->state != TASK_ENDED && family->end == FAMILY_GOES_ON) {
        struct task *next = order_for_child(family, child);
        if (next != NULL && next->state == TASK_NAPPING)
            timed_nap_over(family, next);
        else if (next != NULL)
            next->state = TASK_READY; /* it was held, perhaps */
        if (next == NULL || next->state != TASK_READY || !goes_on_alone(family, next, patience))
            return;
        if (child->state == TASK_ASLEEP)
            execute_settle(family, child, true);
    }
}

void schedule_child_to_end(struct family *family, struct task *child) {
    go_to_end(family, child);
}

/* Each child goes on as far as it comes. */
static void all_go_on(struct family *family) {
    int first = family->tasks[0]->id;
    for (size_t i = 1; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->parent == first)
            go_to_end(family, task);
    }
}

void schedule_children_to_end(struct family *family) {
    family->merges = true;
    /* Each may have waited for another. */
    for (size_t i = 1; i < family->task_count && family->end == FAMILY_GOES_ON; i++) {
        schedule_look(family);
        all_go_on(family);
    }
}
