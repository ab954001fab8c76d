/* SPDX-License-Identifier: MIT */
#include "inject/family/order.h"

struct task *order_ready(const struct family *family) {
    struct task *best = NULL;
    for (size_t i = 0; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->state == TASK_READY && (best == NULL || task->turn < best->turn))
            best = task;
    }
    return best;
}

static bool finds_child(const struct family *family, struct order_next *next) {
    struct task *held = NULL;
    for (size_t i = 1; i < family->task_count; i++)
        if (family->tasks[i]->state == TASK_HELD && (held == NULL || family->youngest_first))
            held = family->tasks[i];
    if (held != NULL)
        *next = (struct order_next){.source = ORDER_CHILD, .task = held};
    return held != NULL;
}

static bool finds_signal(const struct family *family, struct order_next *next) {
    for (size_t i = 0; i < family->delayed.count; i++) {
        const struct task *to = family_task(family, family->delayed.items[i].to);
        if (to == NULL || to->state == TASK_ENDED)
            continue;
        *next = (struct order_next){.source = ORDER_SIGNAL, .signal = i};
        return true;
    }
    return false;
}

static void find_time(const struct family *family, struct order_next *next) {
    struct task *timer = NULL, *nap = NULL;
    for (size_t i = 0; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->state != TASK_ENDED && task->timer_at >= 0 &&
            (timer == NULL || task->timer_at < timer->timer_at))
            timer = task;
        if (task->state == TASK_NAPPING && (nap == NULL || task->wakes_at < nap->wakes_at))
            nap = task;
    }
    if (timer != NULL && (nap == NULL || timer->timer_at <= nap->wakes_at))
        *next = (struct order_next){.source = ORDER_TIMER, .task = timer};
    else if (nap != NULL)
        *next = (struct order_next){.source = ORDER_NAP, .task = nap};
}

struct order_next order_source(const struct family *family, bool timed) {
    struct order_next next = {.source = ORDER_NOTHING};
    if (!finds_child(family, &next) && !finds_signal(family, &next) && timed)
        find_time(family, &next);
    return next;
}

struct task *order_for_child(const struct family *family, struct task *child) {
    if (child->state == TASK_READY || child->state == TASK_NAPPING)
        return child;
    for (size_t i = 1; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->parent == child->id && (task->state == TASK_HELD || task->state == TASK_READY))
            return task;
    }
    return NULL;
}

bool order_is_alone(const struct family *family) {
    for (size_t i = 1; i < family->task_count; i++)
        if (family->tasks[i]->state != TASK_ENDED)
            return false;
    return true;
}
