/* SPDX-License-Identifier: MIT */
#include "inject/report/groups.h"

#include <string.h>

#include "base/memory.h"

/* ---- Which points belong together ---------------------------------------------------- */

static bool tried(const struct injection *injection, size_t point) {
    return (injection->points[point].flags & POINT_LEFT_OUT) == 0;
}

static enum ending_kind kind_at(const struct injection *injection, size_t point) {
    return injection->endings[injection->points[point].ending].kind;
}

static bool is_bad(const struct injection *injection, size_t point) {
    enum ending_kind kind = kind_at(injection, point);
    return tried(injection, point) && kind != ENDING_WELL && kind != ENDING_UNJUDGED;
}

static bool is_well(const struct injection *injection, size_t point) {
    return point < injection->point_count && tried(injection, point) &&
           kind_at(injection, point) == ENDING_WELL;
}

static bool is_inside(const struct injection *injection, size_t point) {
    return point < injection->point_count && (injection->points[point].flags & POINT_INSIDE) != 0;
}

/* The signal does no harm just before the call, nor just after it: what the program cannot take is
 * that the call is interrupted. */
static bool only_interruption(const struct injection *injection, size_t point) {
    size_t before = point, after = point;
    if (!is_inside(injection, point))
        return false;
    while (before > 0 && is_inside(injection, before))
        before--;
    while (is_inside(injection, after))
        after++;
    return before < point && is_well(injection, before) && is_well(injection, after);
}

/* The points of one instruction follow each other: each child alone, then all of them. */
static bool only_all_end(const struct injection *injection, size_t point) {
    const struct point *here = &injection->points[point];
    bool only = (here->flags & POINT_ALL_END) != 0 && here->child <= point;
    for (size_t way = 1; only && way <= here->child; way++)
        only = is_well(injection, point - way);
    return only;
}

/* Wrong output comes in many forms: it does not matter which byte is missing. */
static bool same_ending(const struct injection *injection, uint32_t a, uint32_t b) {
    const struct ending *one = &injection->endings[a], *other = &injection->endings[b];
    if (a == b || one->late != other->late)
        return a == b;
    bool loose = one->kind == ENDING_WRONG || one->kind == ENDING_RAN_AWAY;
    return one->kind == other->kind && (loose || strcmp(one->text, other->text) == 0);
}

static bool same_line(const struct spot *a, const struct spot *b) {
    if (a->file == NULL || b->file == NULL)
        return a->file == b->file && strcmp(a->function, b->function) == 0;
    return a->line == b->line && strcmp(a->file, b->file) == 0;
}

/* ---- Adding points ------------------------------------------------------------------- */

struct grouping {
    void *owner;
    struct spots *spots;
    const struct injection *injection;
    const struct library_calls *calls;
    struct point_groups groups;
};

static struct spot own_spot(const struct grouping *grouping, size_t point) {
    uint64_t pc = library_calls_own_pc(grouping->calls, grouping->injection, point);
    return pc != 0 ? spots_at(grouping->spots, pc) : (struct spot){.function = "?", .library = ""};
}

/* The instruction itself, with the line of the program that stands for it. */
static struct spot spot_of(const struct grouping *grouping, size_t point) {
    struct spot spot = spots_at(grouping->spots, grouping->injection->points[point].pc);
    struct spot own = own_spot(grouping, point);
    spot.file = own.file;
    spot.line = own.line;
    return spot;
}

static struct point_group *find_group(struct grouping *grouping, const struct point_group *like) {
    for (size_t i = grouping->groups.count; i-- > 0;) {
        struct point_group *group = &grouping->groups.items[i];
        if (group->second < 0 && same_ending(grouping->injection, group->ending, like->ending) &&
            (like->late ||
             (group->interruption == like->interruption && same_line(&group->own, &like->own))))
            return group;
    }
    return NULL;
}

static struct point_group *new_group(struct grouping *grouping, const struct point_group *like) {
    struct point_groups *groups = &grouping->groups;
    groups->items =
        grow_array(grouping->owner, groups->items, struct point_group, groups->count + 1);
    groups->items[groups->count] = *like;
    return &groups->items[groups->count++];
}

/* Points inside a system call are no instructions, and one instruction counts once, whichever child
 * ends there. */
static void add_share(struct grouping *grouping, struct point_group *group, size_t point) {
    const struct point *here = &grouping->injection->points[point];
    const struct library_call *call = library_calls_at(grouping->calls, point);
    int64_t instruction = (int64_t)point - here->child;
    if (call == NULL || (here->flags & POINT_INSIDE) != 0 || group->counted == instruction)
        return;
    group->counted = instruction;
    injected_add_share(grouping->owner, &group->injected, call);
}

static void add_point(struct grouping *grouping, size_t point) {
    const struct injection *injection = grouping->injection;
    uint32_t ending = injection->points[point].ending;
    const struct library_call *call = library_calls_at(grouping->calls, point);
    struct point_group like = {.ending = ending,
                               .second = -1,
                               .late = injection->endings[ending].late,
                               .interruption = only_interruption(injection, point),
                               .all_end = only_all_end(injection, point),
                               .own = own_spot(grouping, point),
                               .call = call != NULL ? call->function : "",
                               .counted = -1,
                               .injected = {.at = (int64_t)point, .second = -1}};
    struct point_group *group = find_group(grouping, &like);
    if (group == NULL)
        group = new_group(grouping, &like);
    group->all_end = group->all_end && like.all_end;
    injected_add_point(grouping->owner, &group->injected, spot_of(grouping, point), (int64_t)point);
    add_share(grouping, group, point);
}

static struct point_group *find_second(struct grouping *grouping, uint32_t ending) {
    for (size_t i = 0; i < grouping->groups.count; i++) {
        struct point_group *group = &grouping->groups.items[i];
        if (group->second >= 0 && same_ending(grouping->injection, group->ending, ending))
            return group;
    }
    return NULL;
}

/* The handler is to blame for what a second signal does: it does not matter where the first
 * came. */
static void add_second(struct grouping *grouping, const struct signal_pair *pair) {
    size_t point = (size_t)pair->point;
    struct point_group *group = find_second(grouping, pair->ending);
    if (group == NULL)
        group = new_group(
            grouping,
            &(struct point_group){.ending = pair->ending,
                                  .second = pair->instruction,
                                  .own = own_spot(grouping, point),
                                  .call = "",
                                  .injected = {.at = pair->point, .second = pair->instruction}});
    injected_add_point(grouping->owner, &group->injected, spot_of(grouping, point), pair->point);
}

struct point_groups groups_find(void *owner, struct spots *spots, const struct injection *injection,
                                const struct library_calls *calls) {
    struct grouping grouping = {owner, spots, injection, calls, {0}};
    for (size_t i = 0; i < injection->point_count; i++)
        if (is_bad(injection, i))
            add_point(&grouping, i);
    for (size_t i = 0; i < injection->pair_count; i++)
        add_second(&grouping, &injection->pairs[i]);
    return grouping.groups;
}
