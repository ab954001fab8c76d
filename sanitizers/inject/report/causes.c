/* SPDX-License-Identifier: MIT */
#include "inject/report/causes.h"

#include <string.h>

#include "base/memory.h"
#include "inject/report/windows.h"
#include "report/kind.h"

/* The most telling first; what is not here comes last. */
static const enum kind telling[] = {KIND_SIGNAL_UNSAFE_CALL, KIND_LOST_WAKEUP,
                                    KIND_DEADLOCK,           KIND_CRASH,
                                    KIND_LIVELOCK,           KIND_SIGNAL_RACE};
enum { TELLING = sizeof telling / sizeof *telling };

static size_t rank_of(const struct finding *finding) {
    size_t rank = 0;
    while (rank < TELLING && telling[rank] != finding->kind)
        rank++;
    return rank;
}

static struct window window_of(struct inject_report *report, size_t i) {
    return (struct window){&report->findings.items[i], &report->injected[i]};
}

static bool tells_more(struct window a, struct window b) {
    size_t one = rank_of(a.finding), other = rank_of(b.finding);
    return one != other ? one < other : a.injected->at < b.injected->at;
}

/* ---- One cause? ---------------------------------------------------------------------- */

static bool same_place(const struct location *a, const struct location *b,
                       const struct sources *sources) {
    const struct frame *one = location_own_frame(a, sources);
    const struct frame *other = location_own_frame(b, sources);
    return one != NULL && other != NULL && one->line == other->line &&
           strcmp(one->file, other->file) == 0;
}

/* The handler's call is the second location. */
static bool blame_one_call(const struct finding *a, const struct finding *b,
                           const struct sources *sources) {
    if (a->kind != KIND_SIGNAL_UNSAFE_CALL || b->kind != KIND_SIGNAL_UNSAFE_CALL)
        return false;
    return a->location_count < 2 || b->location_count < 2 ||
           same_place(&a->locations[1], &b->locations[1], sources);
}

static bool one_cause(struct window a, struct window b, const struct inject_report *report) {
    if ((a.injected->second < 0) != (b.injected->second < 0))
        return false;
    return windows_touch(a, b, &report->injection) ||
           same_place(&a.finding->locations[0], &b.finding->locations[0], &report->sources) ||
           blame_one_call(a.finding, b.finding, &report->sources);
}

/* ---- Joining ------------------------------------------------------------------------- */

static void drop(struct inject_report *report, size_t index) {
    size_t behind = --report->findings.count - index;
    memmove(&report->findings.items[index], &report->findings.items[index + 1],
            behind * sizeof *report->findings.items);
    memmove(&report->injected[index], &report->injected[index + 1],
            behind * sizeof *report->injected);
}

static void swap(struct inject_report *report, size_t a, size_t b) {
    struct finding finding = report->findings.items[a];
    struct injected_finding injected = report->injected[a];
    report->findings.items[a] = report->findings.items[b];
    report->injected[a] = report->injected[b];
    report->findings.items[b] = finding;
    report->injected[b] = injected;
}

/* "or killed by SIGSEGV" of another finding that was joined before. */
static bool is_another(const struct location *location) {
    return strncmp(location->doing, "or ", 3) == 0;
}

static bool same_words(const struct location *a, const struct location *b) {
    return strcmp(a->doing + (is_another(a) ? 3 : 0), b->doing + (is_another(b) ? 3 : 0)) == 0;
}

/* Where else it is interrupted (once a line), is stuck, or dies (in other words, too). */
static bool is_told(const struct finding *finding, const struct location *other,
                    const struct sources *sources) {
    for (size_t i = 0; i < finding->location_count; i++)
        if (same_place(&finding->locations[i], other, sources) &&
            (is_another(other) || same_words(&finding->locations[i], other)))
            return true;
    return false;
}

static void add_place(void *owner, struct finding *finding, const struct location *other,
                      const struct sources *sources) {
    const struct frame *place = location_own_frame(other, sources);
    if (place == NULL || is_told(finding, other, sources))
        return;
    struct location also = {.actor = other->actor,
                            .doing = never_null(talloc_asprintf(
                                owner, "%s%s", is_another(other) ? "" : "or ", other->doing))};
    location_add_frame(owner, &also, *place);
    finding_add_location(owner, finding, also);
}

static void join(void *owner, struct inject_report *report, size_t into, size_t index) {
    struct finding *finding = &report->findings.items[into];
    const struct finding *other = &report->findings.items[index];
    windows_join(owner, finding, other, &report->sources);
    for (size_t i = 1; i < other->location_count; i++)
        add_place(owner, finding, &other->locations[i], &report->sources);
    injected_join(owner, &report->injected[into], &report->injected[index]);
    injected_close_gaps(&report->injected[into]);
    drop(report, index);
}

/* Two that have one cause become one. False if there are none. */
static bool join_two(void *owner, struct inject_report *report) {
    for (size_t i = 0; i < report->findings.count; i++)
        for (size_t j = i + 1; j < report->findings.count; j++) {
            if (!one_cause(window_of(report, i), window_of(report, j), report))
                continue;
            join(owner, report, i, j);
            return true;
        }
    return false;
}

static void sort(struct inject_report *report) {
    for (size_t i = 1; i < report->findings.count; i++)
        for (size_t j = i; j > 0 && tells_more(window_of(report, j), window_of(report, j - 1)); j--)
            swap(report, j, j - 1);
}

void causes_join(void *owner, struct inject_report *report) {
    sort(report);
    while (join_two(owner, report))
        continue;
}
