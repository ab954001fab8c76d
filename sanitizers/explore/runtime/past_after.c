/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation: what the race detector will ask of the past, as a part of the state.
 *
 * A later access by thread T races with a remembered one, by A at its time c, unless T's vector has at least c
 * for A. T's vector will be a maximum of vectors there are now: of threads, and of what objects offer.
 * So of c nothing matters but which of these have reached it: a finite set. Two states with equal memory, and equal
 * such sets for the same accesses, race in the same futures: any step joins vectors and begins
 * new times in both alike, and so keeps the sets equal. An access that all living threads are after matters
 * no more, as whoever is created later is after its creator.
 *
 * In most programs far less is enough. Call a program *ordered* if no step comes out as it does because of a
 * step of another thread that does not happen before it. (A trylock that fails says that another has
 * locked, though nothing orders the two; a relaxed load may show a store likewise. Such steps are noted as they
 * happen: step_unordered(). That a signal wakes a waiter is no such thing where waits may
 * wake for nothing.) Then of a race only what its first thread did since its last release has to be remembered:
 *
 *   Let e1 (by A) and e2 (by B) be the first race of an execution, and f the step of A behind e1. Leave out f, all
 *   that A does from there on, and every step that e1 happens before. What is left is still an execution, in which
 *   every step comes out as before: what a step sees of a lock, a semaphore, a barrier, an atomic comes
 *   from steps that happen before it, none of which is left out (else e1 would happen before it as well), and
 *   what it sees in plain memory does so, too, as there is no earlier race. B still comes to e2. So
 *   there is an execution with that race in which A has not gone on since e1.
 *
 * So as long as no step is unordered, a state has of the past only the accesses of each thread since its last release.
 * (A thread's end is no release, as it may go first of all steps: kernel.c. So what is after its last accesses, those
 * who have joined it and so on, is part of the state, too.)
 * When the first is met, the search begins anew, with all of it.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/fingerprint.h"
#include "explore/runtime/frames.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/past_after.h"
#include "explore/runtime/store_buffer.h"

static bool is_living(int id) {
    return fibers[id] != NULL && fibers[id]->buffer_of == NULL && fibers[id]->state != FIBER_ENDED;
}

/* Who has reached a time of an actor: a sum over the names of those who have. */
struct after {
    int actor;
    uint32_t clock;
    struct fingerprint who;
};

static void reached(void *data, const uint32_t *time, int count, uint64_t name) {
    struct after *after = data;
    if (after->actor < count && time[after->actor] >= after->clock)
        fingerprint_add(&after->who, fingerprint_pair(name, 0));
}

/* By all living threads? */
static bool is_over(int actor, uint32_t clock) {
    for (int id = 0; id < fiber_count; id++)
        if (is_living(id) && clocks->now[id].time[actor] < clock)
            return false;
    return true;
}

static struct fingerprint who_is_after(int actor, uint32_t clock) {
    struct after after = {.actor = actor, .clock = clock};
    if (control->facts.past_whole != 0 || !is_living(actor)) { /* else nobody else is */
        hb_each(reached, &after);
        store_buffer_each(reached, &after);
    }
    return after.who;
}

static void add(struct fingerprint *sum, int actor, struct fingerprint who,
                struct fingerprint what) {
    const struct {
        struct fingerprint what, who;
        uint64_t actor;
    } all = {what, who, (uint64_t)actor};
    if (what.low != 0 || what.high != 0)
        fingerprint_add(sum, fingerprint_of(&all, sizeof all, 0));
}

/* Returns, which come too early for who still accesses what they have left: lifetime.c. */
static void add_returns(struct fingerprint *sum, int id) {
    const struct frames_entry *frames = frames_of(id);
    if (control->facts.stacks_shared == 0)
        return;
    for (uint32_t depth = 1; depth <= frames->depth + 1; depth++) {
        const struct frames_entry *frame = &frames[depth];
        bool counts = control->facts.past_whole != 0 ? frame->left >= clocks->base
                                                     : frame->left == clock_of(id);
        if (counts && !is_over(id, frame->left))
            add(sum, id, who_is_after(id, frame->left),
                fingerprint_pair(frame->left_top, depth | UINT64_C(1) << 32));
    }
}

/* Accesses of several times that the same are after are as one. */
static void add_accesses(struct fingerprint *sum, int id) {
    const struct past_books *books = &clocks->books[id];
    struct fingerprint who = {0}, what = {0};
    for (int i = 0; i < books->count; i++) {
        const struct past_epoch *epoch = &books->epochs[i];
        if ((control->facts.past_whole == 0 && epoch->clock != clock_of(id)) ||
            is_over(id, epoch->clock))
            continue;
        struct fingerprint next = who_is_after(id, epoch->clock);
        if (next.low != who.low || next.high != who.high) {
            add(sum, id, who, what);
            who = next;
            what = (struct fingerprint){0};
        }
        fingerprint_add(&what, epoch->sum);
    }
    add(sum, id, who, what);
}

struct fingerprint past_after_print(void) {
    struct fingerprint sum = {0};
    for (int id = 0; id < fiber_count; id++) {
        if (fibers[id] == NULL || fibers[id]->buffer_of != NULL)
            continue;
        add_returns(&sum, id);
        add_accesses(&sum, id);
    }
    return sum;
}
