/* SPDX-License-Identifier: MIT */
#include "hazard/catalog/lesson_for.h"

/* A hazard is called what it comes to; a tool may see what leads there. */
static enum kind kind_taught(enum kind kind) {
    if (kind == KIND_LOCK_ORDER)
        return KIND_DEADLOCK;
    if (kind == KIND_ORDER_VIOLATION)
        return KIND_DATA_RACE;
    return kind == KIND_ASSERTION ? KIND_ATOMICITY : kind; /* what belongs together was split */
}

/* In the catalogue the headliners of a family come first. */
const struct hazard *lesson_for(const struct catalog *catalog, enum kind kind) {
    const struct hazard *first = NULL;
    for (size_t i = 0; i < catalog->count; i++) {
        const struct hazard *hazard = &catalog->hazards[i];
        if (hazard->kind != kind_taught(kind))
            continue;
        if (hazard->headline)
            return hazard;
        if (first == NULL)
            first = hazard;
    }
    return first;
}
