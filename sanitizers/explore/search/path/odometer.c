/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. An execution is determined by the choices made in it: which actor, which
 * alternative. The path records each as "index i of n". The next execution repeats the path, and
 * where it goes beyond appends index 0. When it has ended, the last decision that has an untried
 * index is stepped to the next one and everything behind it is dropped: an odometer whose wheels
 * appear and vanish. When no wheel is left to turn, all paths have been taken.
 *
 * This stands or falls with the program being deterministic between two choices. Each repeated
 * choice must have the same kind, the same number of things and the same thing at its index; an
 * execution that ends before its path has strayed too, which the next choice reports, as an end
 * cannot.
 */
#include "explore/search/path/odometer.h"

#include <string.h>

enum { ODOMETER_FIRST = 256 }; /* decisions that the first path has room for */

struct odometer odometer_of(struct arena *arena) {
    return (struct odometer){.arena = arena};
}

void odometer_clear(struct odometer *odometer) {
    odometer->length = odometer->planned = odometer->next = 0;
    odometer->strayed = false;
}

void odometer_begin(struct odometer *odometer) {
    odometer->length = odometer->planned;
    odometer->next = 0;
}

static void grow(struct odometer *odometer) {
    size_t size = (size_t)odometer->capacity * sizeof *odometer->path;
    int capacity = odometer->capacity ? 2 * odometer->capacity : ODOMETER_FIRST;
    struct decision *path = arena_new(odometer->arena, (size_t)capacity * sizeof *path);
    if (size) {
        memcpy(path, odometer->path, size);
        arena_free(odometer->arena, odometer->path, size);
    }
    odometer->path = path;
    odometer->capacity = capacity;
}

int odometer_choose(struct odometer *odometer, int kind, const uint8_t *things, int count) {
    if (odometer->strayed)
        return PICK_DIVERGED;
    if (odometer->next == odometer->capacity)
        grow(odometer);
    struct decision *decision = &odometer->path[odometer->next++];
    if (odometer->next > odometer->length) {
        *decision = (struct decision){0, (uint8_t)(count - 1), things[0], (uint8_t)kind};
        odometer->length = odometer->next;
    } else if (decision->kind != kind || decision->last != count - 1) {
        return PICK_DIVERGED;
    } else if (odometer->next == odometer->planned) {
        decision->chosen = things[decision->index]; /* the wheel that was just turned */
    }
    if (decision->chosen != things[decision->index])
        return PICK_DIVERGED;
    return decision->chosen;
}

int odometer_choose_number(struct odometer *odometer, int kind, int count) {
    uint8_t numbers[OP_ACTORS] = {0};
    for (int i = 0; i < count; i++)
        numbers[i] = (uint8_t)i;
    return odometer_choose(odometer, kind, numbers, count);
}

bool odometer_advance(struct odometer *odometer) {
    if (odometer->next < odometer->length)
        return odometer->strayed = true;
    while (odometer->length > 0) {
        struct decision *decision = &odometer->path[odometer->length - 1];
        if (decision->index < decision->last) {
            decision->index++;
            odometer->planned = odometer->length;
            return true;
        }
        odometer->length--;
    }
    odometer->planned = 0;
    return false;
}

/* Knuth's estimate (Mathematics of Computation 29, 1975) from the path at hand: an untried sibling
 * weighs as much as the subtree that was seen below the decision. */
double odometer_left(const struct odometer *odometer) {
    double left = 0, below = 1;
    for (int i = odometer->length - 1; i >= 0; i--) {
        const struct decision *decision = &odometer->path[i];
        left += (decision->last - decision->index) * below;
        below *= decision->last + 1;
    }
    return left;
}
