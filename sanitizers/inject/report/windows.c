/* SPDX-License-Identifier: MIT */
#include "inject/report/windows.h"

#include <string.h>

#include "base/memory.h"

/* `to` lies behind `from`, and no whole instruction between them: of one instruction there are
 * several points where several children can end. */
static bool goes_on_at(const struct injection *injection, int64_t from, int64_t to) {
    int64_t begun = 0;
    for (int64_t i = from + 1; i <= to; i++) {
        bool known = i < (int64_t)injection->point_count;
        begun += !known || injection->points[i].child == 0;
        if (begun > 1)
            return false;
    }
    return to > from;
}

static bool touch(const struct injected_finding *a, const struct injected_finding *b,
                  const struct injection *injection) {
    for (size_t i = 0; i < a->stretch_count; i++)
        for (size_t j = 0; j < b->stretch_count; j++) {
            const struct stretch *one = &a->stretches[i], *other = &b->stretches[j];
            if (goes_on_at(injection, one->first + one->count - 1, other->first) ||
                goes_on_at(injection, other->first + other->count - 1, one->first))
                return true;
        }
    return false;
}

/* Wrong output comes in many forms, as in groups.c. */
static bool same_words(const struct finding *a, const struct finding *b) {
    return a->kind == KIND_SIGNAL_RACE || strcmp(a->message, b->message) == 0;
}

static bool same_frame(const struct frame *a, const struct frame *b) {
    if (a == NULL || b == NULL)
        return a == b;
    return a->line == b->line && strcmp(a->file, b->file) == 0;
}

/* Behind where it is interrupted stands where it is stuck, or dies; without a stack nobody knows that. */
static bool same_end(const struct finding *a, const struct finding *b,
                     const struct sources *sources) {
    if (a->location_count < 2 || b->location_count < 2)
        return true;
    return same_frame(location_own_frame(&a->locations[1], sources),
                      location_own_frame(&b->locations[1], sources));
}

/* That a call alone cannot take it, or a second signal, is another matter. */
static bool is_window(struct window it) {
    return it.finding->kind != KIND_API_MISUSE && it.injected->second < 0;
}

bool windows_touch(struct window a, struct window b, const struct injection *injection) {
    return is_window(a) && is_window(b) && touch(a.injected, b.injected, injection);
}

bool windows_meet(struct window a, struct window b, const struct injection *injection,
                  const struct sources *sources) {
    return a.finding->kind == b.finding->kind && same_words(a.finding, b.finding) &&
           windows_touch(a, b, injection) && same_end(a.finding, b.finding, sources);
}

void windows_join(void *owner, struct finding *a, const struct finding *b,
                  const struct sources *sources) {
    const struct frame *place = location_own_frame(&b->locations[0], sources);
    if (place == NULL)
        return;
    for (size_t i = 0; i < a->location_count; i++)
        if (same_frame(location_own_frame(&a->locations[i], sources), place))
            return;
    const char *doing = b->locations[0].doing;
    char *words = a->kind == b->kind
                      ? talloc_asprintf(owner, "or %s", doing)
                      : talloc_asprintf(owner, "or %s (%s)", doing, kind_name(b->kind));
    struct location also = {.actor = b->locations[0].actor, .doing = never_null(words)};
    location_add_frame(owner, &also, *place);
    finding_add_location(owner, a, also);
}
