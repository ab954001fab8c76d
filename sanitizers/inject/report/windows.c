/* SPDX-License-Identifier: MIT */
#include "inject/report/windows.h"

#include <string.h>

#include "base/memory.h"

static bool touch(const struct injected_finding *a, const struct injected_finding *b) {
    for (size_t i = 0; i < a->stretch_count; i++)
        for (size_t j = 0; j < b->stretch_count; j++)
            if (a->stretches[i].first + a->stretches[i].count == b->stretches[j].first ||
                b->stretches[j].first + b->stretches[j].count == a->stretches[i].first)
                return true;
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

bool windows_meet(struct window a, struct window b, const struct sources *sources) {
    /* That a call alone cannot take it, or a second signal, is another matter. */
    return a.finding->kind == b.finding->kind && a.finding->kind != KIND_API_MISUSE &&
           a.injected->second < 0 && b.injected->second < 0 && same_words(a.finding, b.finding) &&
           touch(a.injected, b.injected) && same_end(a.finding, b.finding, sources);
}

void windows_join(void *owner, struct finding *a, const struct finding *b,
                  const struct sources *sources) {
    const struct frame *place = location_own_frame(&b->locations[0], sources);
    if (place == NULL)
        return;
    for (size_t i = 0; i < a->location_count; i++)
        if (same_frame(location_own_frame(&a->locations[i], sources), place))
            return;
    struct location also = {.actor = b->locations[0].actor,
                            .doing =
                                never_null(talloc_asprintf(owner, "or %s", b->locations[0].doing))};
    location_add_frame(owner, &also, *place);
    finding_add_location(owner, a, also);
}
