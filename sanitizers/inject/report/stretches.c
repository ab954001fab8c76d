/* SPDX-License-Identifier: MIT */
#include "inject/report/stretches.h"

#include <stdlib.h>
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

/* Just before the call the signal does no harm, just after it neither: it is the call's own
 * interruption that the program cannot take. */
static bool only_interruption(const struct injection *injection, size_t point) {
    return (injection->points[point].flags & POINT_INSIDE) != 0 && point > 0 &&
           is_well(injection, point - 1) && is_well(injection, point + 1);
}

/* Wrong output comes in many forms, and which byte is missing is of no interest. */
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

static struct group *find_group(struct groups *groups, const struct injection *injection,
                                const struct group *like) {
    for (size_t i = groups->count; i-- > 0;) {
        struct group *group = &groups->items[i];
        if (group->second < 0 && same_ending(injection, group->ending, like->ending) &&
            (like->late ||
             (group->interruption == like->interruption && same_line(&group->own, &like->own))))
            return group;
    }
    return NULL;
}

/* ---- What a finding counts ----------------------------------------------------------- */

static void add_stretch(void *owner, struct injected_finding *finding, struct spot spot,
                        int64_t point) {
    struct stretch *last =
        finding->stretch_count > 0 ? &finding->stretches[finding->stretch_count - 1] : NULL;
    if (last != NULL && last->first + last->count == point) {
        last->count++;
        return;
    }
    finding->stretches =
        grow_array(owner, finding->stretches, struct stretch, finding->stretch_count + 1);
    finding->stretches[finding->stretch_count++] = (struct stretch){point, 1, spot};
}

/* Points inside a system call are no instructions, and one instruction counts once, whichever child
 * ends there. */
static void add_share(void *owner, struct injected_finding *finding,
                      const struct library_call *call) {
    struct share *last =
        finding->share_count > 0 ? &finding->shares[finding->share_count - 1] : NULL;
    if (last != NULL && last->call.first == call->first) {
        last->points++;
        return;
    }
    finding->shares = grow_array(owner, finding->shares, struct share, finding->share_count + 1);
    finding->shares[finding->share_count++] = (struct share){*call, 1};
}

static const struct library_call *call_at(const struct calls *calls, size_t point) {
    return calls->of[point] < 0 ? NULL : &calls->items[calls->of[point]];
}

static struct spot own_spot(struct spots *spots, uint64_t pc) {
    return pc != 0 ? spots_at(spots, pc) : (struct spot){.function = "?", .library = ""};
}

static void add_point(void *owner, struct spots *spots, const struct injection *injection,
                      const struct calls *calls, struct groups *groups, size_t point) {
    const struct point *here = &injection->points[point];
    const struct library_call *call = call_at(calls, point);
    struct group like = {.ending = here->ending,
                         .second = -1,
                         .late = injection->endings[here->ending].late,
                         .interruption = only_interruption(injection, point),
                         .own = own_spot(spots, calls_own_pc(calls, injection, point)),
                         .call = call != NULL ? call->function : "",
                         .counted = -1,
                         .injected = {.at = (int64_t)point, .second = -1}};
    struct group *group = find_group(groups, injection, &like);
    if (group == NULL) {
        groups->items = grow_array(owner, groups->items, struct group, groups->count + 1);
        group = &groups->items[groups->count++];
        *group = like;
    }
    struct spot spot = spots_at(spots, here->pc);
    spot.file = like.own.file;
    spot.line = like.own.line;
    group->injected.points++;
    add_stretch(owner, &group->injected, spot, (int64_t)point);
    int64_t instruction = (int64_t)point - here->child;
    if (call == NULL || (here->flags & POINT_INSIDE) != 0 || group->counted == instruction)
        return;
    group->counted = instruction;
    add_share(owner, &group->injected, call);
}

/* What a second signal does is the handler's affair: where the first came is of no interest. */
static void add_second(void *owner, struct spots *spots, const struct injection *injection,
                       const struct calls *calls, struct groups *groups,
                       const struct signal_pair *second) {
    struct group *group = NULL;
    size_t point = (size_t)second->point;
    for (size_t i = 0; i < groups->count && group == NULL; i++)
        if (groups->items[i].second >= 0 &&
            same_ending(injection, groups->items[i].ending, second->ending))
            group = &groups->items[i];
    if (group == NULL) {
        groups->items = grow_array(owner, groups->items, struct group, groups->count + 1);
        group = &groups->items[groups->count++];
        *group = (struct group){.ending = second->ending,
                                .second = second->instruction,
                                .own = own_spot(spots, calls_own_pc(calls, injection, point)),
                                .call = "",
                                .injected = {.at = second->point, .second = second->instruction}};
    }
    struct spot spot = spots_at(spots, injection->points[point].pc);
    struct spot own = own_spot(spots, calls_own_pc(calls, injection, point));
    spot.file = own.file;
    spot.line = own.line;
    struct injected_finding *finding = &group->injected;
    finding->points++;
    if (finding->stretch_count == 0 ||
        finding->stretches[finding->stretch_count - 1].first +
                finding->stretches[finding->stretch_count - 1].count <=
            second->point)
        add_stretch(owner, finding, spot, second->point);
}

struct groups groups_find(void *owner, struct spots *spots, const struct injection *injection,
                          const struct calls *calls) {
    struct groups groups = {0};
    for (size_t i = 0; i < injection->point_count; i++)
        if (is_bad(injection, i))
            add_point(owner, spots, injection, calls, &groups, i);
    for (size_t i = 0; i < injection->pair_count; i++)
        add_second(owner, spots, injection, calls, &groups, &injection->pairs[i]);
    return groups;
}

static int by_first(const void *a, const void *b) {
    const struct stretch *one = a, *other = b;
    return (one->first > other->first) - (one->first < other->first);
}

static int by_call(const void *a, const void *b) {
    const struct share *one = a, *other = b;
    return (one->call.first > other->call.first) - (one->call.first < other->call.first);
}

/* Of two parts of one call the points are added up. */
static void join_shares(struct injected_finding *finding) {
    size_t kept = 0;
    qsort(finding->shares, finding->share_count, sizeof *finding->shares, by_call);
    for (size_t i = 0; i < finding->share_count; i++) {
        if (kept > 0 && by_call(&finding->shares[kept - 1], &finding->shares[i]) == 0)
            finding->shares[kept - 1].points += finding->shares[i].points;
        else
            finding->shares[kept++] = finding->shares[i];
    }
    finding->share_count = kept;
}

void injected_join(void *owner, struct injected_finding *finding,
                   const struct injected_finding *other) {
    finding->points += other->points;
    size_t count = finding->stretch_count + other->stretch_count;
    finding->stretches = grow_array(owner, finding->stretches, struct stretch, count);
    memcpy(finding->stretches + finding->stretch_count, other->stretches,
           other->stretch_count * sizeof *other->stretches);
    finding->stretch_count = count;
    qsort(finding->stretches, count, sizeof *finding->stretches, by_first);
    if (other->share_count == 0)
        return;
    count = finding->share_count + other->share_count;
    finding->shares = grow_array(owner, finding->shares, struct share, count);
    memcpy(finding->shares + finding->share_count, other->shares,
           other->share_count * sizeof *other->shares);
    finding->share_count = count;
    join_shares(finding);
}

/* ---- Words --------------------------------------------------------------------------- */

const char *with_commas(void *owner, int64_t number) {
    char *digits = never_null(talloc_asprintf(owner, "%lld", (long long)number));
    for (size_t length = strlen(digits), at = length; at > 3;) {
        at -= 3;
        digits = never_null(talloc_asprintf(owner, "%.*s,%s", (int)at, digits, digits + at));
    }
    return digits;
}

static bool same_share(const struct share *a, const struct share *b) {
    return a->points == b->points && a->call.instructions == b->call.instructions &&
           strcmp(a->call.function, b->call.function) == 0;
}

/* How many from here on are the same. */
static size_t repeats(const struct share *shares, size_t count) {
    size_t same = 1;
    while (same < count && same_share(&shares[0], &shares[same]))
        same++;
    return same;
}

static const char *of_call(const struct share *share) {
    return *share->call.function != '\0' ? share->call.function : "call";
}

static const char *fraction(void *owner, const struct share *share, const char *unit) {
    return never_null(talloc_asprintf(owner, "%s of %s%s", with_commas(owner, share->points),
                                      with_commas(owner, share->call.instructions), unit));
}

const char *share_words(void *owner, const struct share *shares, size_t count) {
    enum { TOLD = 3 };
    if (count == 0)
        return "";
    size_t same = repeats(shares, count);
    char *words =
        never_null(talloc_asprintf(owner, "%s of %s %s", fraction(owner, shares, " instructions"),
                                   count == 1 ? "this"
                                   : same > 1 ? "each"
                                              : "the first",
                                   of_call(shares)));
    size_t told = 1;
    for (size_t i = same; i < count; i += same, told++) {
        same = repeats(&shares[i], count - i);
        if (told == TOLD)
            return never_null(talloc_asprintf_append(words, ", and so on: %zu calls", count));
        words = never_null(
            talloc_asprintf_append(words, ", %s of %s %s", fraction(owner, &shares[i], ""),
                                   same > 1 ? "each later" : "a later", of_call(&shares[i])));
    }
    return words;
}
