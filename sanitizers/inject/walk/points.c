/* SPDX-License-Identifier: MIT */
#include "inject/walk/points.h"

#include <signal.h>

#include "inject/walk/attempt.h"
#include "inject/walk/twice.h"

/* ---- One point ----------------------------------------------------------------------- */

static bool is_chosen(struct walk_choice *chosen, size_t index) {
    while (chosen->next < chosen->count && (size_t)chosen->points[chosen->next] < index)
        chosen->next++;
    return chosen->next < chosen->count && (size_t)chosen->points[chosen->next] == index;
}

static bool is_ours(struct walk *walk, size_t index) {
    if (walk->chosen.count > 0)
        return is_chosen(&walk->chosen, index);
    return board_worker_of(index, walk->jobs) == walk->worker;
}

/* A new point. NULL when there is no room for it. */
static struct board_point *add_point(struct walk *walk, uint64_t pc, unsigned flags,
                                     uint16_t child) {
    struct walk_points *points = &walk->points;
    int64_t budget = walk->options->points;
    if (points->count == walk->board->most_points ||
        (budget > 0 && points->count == (size_t)budget)) {
        walk->report->cut = true;
        return NULL;
    }
    points->checksum = (points->checksum ^ pc) * 0x100000001b3ULL + flags; /* FNV-1a */
    struct board_point *point = &walk->board->points[points->count++];
    if (!is_ours(walk, points->count - 1)) {
        if (walk->worker == 0)
            point->pc = pc; /* the others write the same in theirs */
        return point;
    }
    *point = (struct board_point){.pc = pc, .flags = (uint16_t)flags, .child = child};
    return point;
}

static bool is_harmless(const struct walk *walk, const struct board_point *point) {
    const struct judged *judged = &walk->report->endings[point->ending];
    return (point->flags & POINT_TRIED) != 0 && (judged->kind == ENDING_WELL || judged->repeats);
}

static void try_point(struct walk *walk, uint64_t pc, unsigned flags, uint16_t child) {
    struct walk_points *points = &walk->points;
    bool blocked = walk->signal.blocked;
    /* A child does more than to end: what it does may matter although its signal waits. */
    bool continues = blocked && points->stretch && !walk->options->child_exit;
    flags |= blocked ? POINT_BLOCKED : 0;
    struct board_point *point = add_point(walk, pc, flags, child);
    bool new_place = !blocked && child == 0 && twice_is_new_place(walk, pc);
    if (point == NULL)
        return;
    size_t index = points->count - 1;
    if (!continues)
        points->first = index;
    points->stretch = blocked;
    if (!is_ours(walk, index))
        return;
    if (continues && walk->chosen.count == 0)
        point->stands_for = (uint32_t)points->first;
    else
        attempt_point(walk, false, point);
    if (new_place && is_harmless(walk, point))
        twice_try(walk, index);
}

/* ---- Where the walked process stands ------------------------------------------------- */

static uint64_t pc_of(const struct walk *walk) {
    return cpu_pc(&walk->family->tasks[0]->cpu);
}

/* The next of the ways in which children can end: one of them, from the youngest on; then, of
 * several, all at once, for which one signal may stand. False if there are no more. */
static bool choose_end(struct walk *walk, bool inside, uint16_t way) {
    /* While the first process sleeps, those that were let go go on anyway. */
    struct task *(*find)(const struct family *, size_t) = inside ? family_held : family_able;
    const struct task *child = find(walk->family, way);
    walk->points.child = child == NULL ? 0 : child->id;
    walk->points.all_end = child == NULL && way > 1 && find(walk->family, (size_t)way - 1) != NULL;
    return child != NULL || walk->points.all_end;
}

static unsigned end_flags(const struct walk *walk) {
    return walk->points.all_end ? POINT_ALL_END : 0;
}

/* A signal that is pending already does not come twice, unless it is one of those that queue. */
bool points_any_here(const struct walk *walk) {
    int number = walk->options->signal;
    if (walk->family->tasks[0]->signal != 0)
        return false; /* one is just being delivered: that was the point before */
    if (walk->options->child_exit)
        return family_able(walk->family, 0) != NULL;
    return (walk->signal.handled || walk->signal.blocked) &&
           (!walk->signal.pending || number >= SIGRTMIN);
}

void points_before_instruction(struct walk *walk) {
    uint64_t pc = pc_of(walk);
    if (!walk->options->child_exit) {
        try_point(walk, pc, 0, 0);
        return;
    }
    for (uint16_t way = 0; choose_end(walk, false, way); way++)
        try_point(walk, pc, end_flags(walk), way);
}

/* A copy is made before the call, and goes into it. */
void points_inside_call(struct walk *walk) {
    uint64_t pc = pc_of(walk);
    bool children = walk->options->child_exit;
    copies_only_rerun(walk->copies);
    for (uint16_t way = 0; children ? choose_end(walk, true, way) : way == 0; way++) {
        unsigned flags = children ? end_flags(walk) : 0;
        struct board_point *point = add_point(walk, pc, POINT_INSIDE | flags, way);
        if (point == NULL)
            return;
        if (is_ours(walk, walk->points.count - 1))
            attempt_point(walk, true, point);
    }
}

void points_end_stretch(struct walk *walk) {
    walk->points.stretch = false;
}
