/* SPDX-License-Identifier: MIT */
/*
 * Happens-before, read backwards from one step of the trace: what its thread did earlier comes
 * before it; what it acquired was released by others, and what they did until then comes before it,
 * too. An access that raises an object's state releases it, one with a guard acquires it (op.h).
 *
 * Atomics and calls are left out: whether they order depends on more than the trace tells. So what
 * is said to be ordered surely is, but not the reverse.
 */
#include "explore/front/trace_order.h"

#include <string.h>

enum { OBJECTS = 256 }; /* acquired at once; more are left out */

struct backwards {
    const struct shared *shared;
    bool before[OP_ACTORS]; /* this actor's steps from here on down come before */
    struct access acquired[OBJECTS];
    int acquired_count;
    int created_at[OP_ACTORS]; /* index of the step that made the actor; -1: unknown */
};

static bool orders(const struct access *access) {
    int kind = (int)(access->object & 7);
    return (kind == OBJECT_SYNC || kind == OBJECT_ACTOR) && access->mode != MODE_ALL;
}

/* Readers of a readers-writer lock are not ordered among themselves. */
static bool acquired_from(const struct backwards *all, const struct shared_step *step) {
    for (int i = 0; i < step->event.op.access_count; i++) {
        const struct access *released = &step->event.op.access[i];
        for (int j = 0; orders(released) && released->delta > 0 && j < all->acquired_count; j++)
            if (all->acquired[j].object == released->object &&
                (all->acquired[j].mode != MODE_SHARE || released->mode != MODE_SHARE))
                return true;
    }
    return false;
}

static void acquire(struct backwards *all, const struct shared_step *step) {
    if ((step->flags & STEP_FAILED) != 0)
        return;
    for (int i = 0; i < step->event.op.access_count; i++) {
        const struct access *access = &step->event.op.access[i];
        if (orders(access) && access->need > 0 && all->acquired_count < OBJECTS)
            all->acquired[all->acquired_count++] = *access;
    }
}

/* Threads are numbered as they are created, and the main thread is 1. */
static void find_creations(struct backwards *all) {
    const struct shared *shared = all->shared;
    int number = 1;
    memset(all->created_at, -1, sizeof all->created_at);
    for (int i = 0; i < shared->trace_length; i++) {
        const struct shared_step *step = &shared->trace[i];
        if (step->event.op.kind != OP_CREATE || (step->flags & STEP_FAILED) != 0)
            continue;
        number++;
        for (int actor = 0; actor < OP_ACTORS; actor++)
            if (shared->actors[actor].number == number)
                all->created_at[actor] = i;
    }
}

static bool made_one_of_them(const struct backwards *all, int index) {
    for (int actor = 0; actor < OP_ACTORS; actor++)
        if (all->before[actor] && all->created_at[actor] == index)
            return true;
    return false;
}

int trace_last_ordered(const struct shared *shared, int actor, int index) {
    struct backwards all = {.shared = shared};
    find_creations(&all);
    all.before[shared->trace[index].event.actor] = true;
    for (int i = index; i >= 0 && !all.before[actor]; i--) {
        const struct shared_step *step = &shared->trace[i];
        int own = step->event.actor;
        if (!all.before[own])
            all.before[own] = acquired_from(&all, step) ||
                              (step->event.op.kind == OP_CREATE && made_one_of_them(&all, i));
        if (all.before[own])
            acquire(&all, step);
        if (all.before[actor])
            return i;
    }
    return -1;
}
