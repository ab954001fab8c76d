/* SPDX-License-Identifier: MIT */
/*
 * Which steps of a long execution are worth a reader's time?
 *
 * A failure is made by switches between actors, so what lies before the first of them says little,
 * and so does the middle of a long run of one actor. Where that still leaves more than a page, the
 * end and what lies around the preemptions, the choices and the critical step stay.
 */
#include "hazard/render/interesting.h"

#include "base/memory.h"

enum {
    BEFORE_SWITCH = 2,  /* steps kept before the first switch */
    RUN_EDGE = 3,       /* steps kept at both ends of a run of one actor */
    ELIDE_AT_LEAST = 3, /* a gap of fewer is filled: saying that it is there takes a line too */
    PAGE = 60,
    AROUND = 2, /* steps kept on both sides of a notable one, on a page that is too long */
    TAIL = 24,
    HEAD = 4
};

struct choice_of_steps {
    const struct shared_step *trace;
    int count, critical;
    struct trace_marks marks;
    bool *kept;
};

static bool is_switch(const struct choice_of_steps *all, int i) {
    return i > 0 && all->trace[i].event.actor != all->trace[i - 1].event.actor;
}

static bool is_notable(const struct choice_of_steps *all, int i) {
    const struct shared_step *step = &all->trace[i];
    for (int j = 0; j < all->marks.racing_count; j++)
        if (i == all->marks.racing[j].after)
            return true;
    return i == all->critical || i == all->marks.cycle ||
           (step->flags & (STEP_PREEMPT | STEP_CRITICAL)) != 0 || step->event.alternative > 0;
}

static void keep(struct choice_of_steps *all, int from, int to) {
    for (int i = from < 0 ? 0 : from; i < to && i < all->count; i++)
        all->kept[i] = true;
}

static void keep_runs(struct choice_of_steps *all) {
    int first = 0;
    while (first < all->count && !is_switch(all, first))
        first++;
    if (first == all->count) /* one actor alone: what it did last */
        first = all->count - RUN_EDGE;
    for (int start = first - BEFORE_SWITCH < 0 ? 0 : first - BEFORE_SWITCH; start < all->count;) {
        int end = start + 1;
        while (end < all->count && !is_switch(all, end))
            end++;
        keep(all, start, start + RUN_EDGE);
        keep(all, end - RUN_EDGE < start ? start : end - RUN_EDGE, end);
        start = end;
    }
}

static void keep_notable(struct choice_of_steps *all, int around) {
    for (int i = 0; i < all->count; i++)
        if (is_notable(all, i))
            keep(all, i - around, i + around + 1);
}

static int count_kept(const struct choice_of_steps *all) {
    int kept = 0;
    for (int i = 0; i < all->count; i++)
        kept += all->kept[i];
    return kept;
}

/* More than a page: the end, the critical step, and as many of the last notable ones as fit. */
static void keep_a_page(struct choice_of_steps *all) {
    for (int i = 0; i < all->count; i++)
        all->kept[i] = false;
    keep(all, 0, HEAD);
    keep(all, all->count - TAIL, all->count);
    if (all->critical >= 0)
        keep(all, all->critical - AROUND, all->critical + AROUND + 1);
    if (all->marks.cycle >= 0)
        keep(all, all->marks.cycle - AROUND, all->marks.cycle + AROUND + 1);
    for (int i = 0; i < all->marks.racing_count; i++)
        keep(all, all->marks.racing[i].after, all->marks.racing[i].after + 1);
    for (int i = all->count - 1; i >= 0 && count_kept(all) < PAGE; i--)
        if (is_notable(all, i))
            keep(all, i - AROUND, i + AROUND + 1);
}

static void fill_small_gaps(struct choice_of_steps *all) {
    for (int i = 0; i < all->count;) {
        int end = i;
        while (end < all->count && !all->kept[end])
            end++;
        if (end - i < ELIDE_AT_LEAST)
            keep(all, i, end);
        i = end + 1;
    }
}

bool *interesting_steps(void *owner, const struct interleaving *what) {
    const struct shared *shared = what->outcome->shared;
    struct choice_of_steps all = {
        .trace = shared->trace,
        .count = steps_length(what),
        .critical = what->critical > 0 ? what->critical - 1 : shared->critical,
        .marks = trace_marks_of(what->outcome, what->finding),
        .kept = new_array(owner, bool, shared->trace_length + 1),
    };
    keep_runs(&all);
    keep_notable(&all, 1);
    if (count_kept(&all) > PAGE)
        keep_a_page(&all);
    if (what->full)
        keep(&all, 0, all.count);
    fill_small_gaps(&all);
    return all.kept;
}
