/* SPDX-License-Identifier: MIT */
/*
 * Variants of a schedule, for minimising. Its segments are the maximal runs of one actor; of the
 * segments A1 B1 C1 A2 B2 come
 *
 *   group 1-4   A1 A2 B1 C1 B2    within a window each actor makes its steps in one go
 *   drop 2-3    A1 A2 B2          these steps are not made, or not now
 *   extend 1    A1 A2 A* B1 C1 B2 it goes on as long as it can
 *   join 1      A1 A2 B1 C1 B2    its next segment is brought forward to it
 *   delay 1     B1 C1 A1 A2 B2    it is put off until its next segment
 *   plain                         one choice within a step is what it usually is: 0
 *
 * None of them need be possible: they are followed as far as they go.
 */
#include "explore/search/failure/variants.h"

#include "explore/op.h"

static void add_range(struct plan *made, const struct plan *old, int from, int to) {
    for (int i = from; i < to; i++)
        plan_add(made, old->items[i]);
}

/* Only the steps of one actor; or, `but`, only those of the others. */
static void add_actor(struct plan *made, const struct plan *old, int from, int to, int actor,
                      bool but) {
    for (int i = from; i < to; i++)
        if ((old->items[i].actor == actor) != but)
            plan_add(made, old->items[i]);
}

static void group(struct plan *made, const struct plan *old, int from, int to) {
    bool done[OP_ACTORS] = {false};
    add_range(made, old, 0, from);
    for (int i = from; i < to; i++) {
        int actor = old->items[i].actor;
        if (!done[actor])
            add_actor(made, old, i, to, actor, false);
        done[actor] = true;
    }
    add_range(made, old, to, old->length);
}

static void extend(struct plan *made, const struct plan *old, int from, int to) {
    int actor = old->items[from].actor;
    add_range(made, old, 0, to);
    add_actor(made, old, to, old->length, actor, false);
    plan_add(made, (struct item){.actor = (uint8_t)actor, .goes_on = true});
    add_actor(made, old, to, old->length, actor, true);
}

/* The actor's next segment after `at`, or the number of segments. */
static int next_of_actor(const struct plan *old, const struct segments *segments, int at) {
    int next = at + 1;
    while (next < segments->count &&
           old->items[segments->starts[next]].actor != old->items[segments->starts[at]].actor)
        next++;
    return next;
}

/* The segment that begins at `from` and its actor's next one, which ends at `end`; those between
 * them come after both, or, `later`, before. */
static void bring_together(struct plan *made, const struct plan *old, int from, int end,
                           bool later) {
    int actor = old->items[from].actor;
    add_range(made, old, 0, from);
    add_actor(made, old, from, end, actor, later);
    add_actor(made, old, from, end, actor, !later);
    add_range(made, old, end, old->length);
}

void variants_make(const struct plan *old, const struct segments *segments, enum variant variant,
                   int at, int size, struct plan *made) {
    made->length = 0;
    if (variant == VARIANT_PLAIN) {
        add_range(made, old, 0, old->length);
        made->items[at].alternative = 0;
        return;
    }
    const int *starts = segments->starts;
    int from = starts[at], to = starts[at + size];
    int next = next_of_actor(old, segments, at);
    int end = next < segments->count ? starts[next + 1] : to;
    if (variant == VARIANT_GROUP) {
        group(made, old, from, to);
    } else if (variant == VARIANT_DROP) {
        add_range(made, old, 0, from);
        add_range(made, old, to, old->length);
    } else if (variant == VARIANT_EXTEND) {
        extend(made, old, from, to);
    } else {
        bring_together(made, old, from, end, variant == VARIANT_DELAY);
    }
}
