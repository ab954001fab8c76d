/* SPDX-License-Identifier: MIT */
#include "report/finding.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"

void findings_add(void *owner, struct findings *all, struct finding one) {
    all->items = grow_array(owner, all->items, struct finding, all->count + 1);
    all->items[all->count++] = one;
}

void finding_add_location(void *owner, struct finding *finding, struct location one) {
    finding->locations =
        grow_array(owner, finding->locations, struct location, finding->location_count + 1);
    finding->locations[finding->location_count++] = one;
}

/* Where a guilty location stands, for comparison: the same line of the same file,
 * or both outside the program. */
static bool same_place(const struct frame *a, const struct frame *b) {
    if (a == NULL || b == NULL)
        return a == b;
    return a->line == b->line && strcmp(a->file, b->file) == 0;
}

static size_t guilty_at(const struct finding *finding, const struct frame *place,
                        const struct sources *sources) {
    size_t count = 0;
    for (size_t i = 0; i < finding->location_count; i++)
        if (!finding->locations[i].context)
            count += same_place(location_own_frame(&finding->locations[i], sources), place);
    return count;
}

/* Which of a race's two accesses is told first is chance, so the places
 * are compared as a multiset. */
static bool same_places(const struct finding *a, const struct finding *b,
                        const struct sources *sources) {
    for (size_t i = 0; i < a->location_count; i++) {
        if (a->locations[i].context)
            continue;
        const struct frame *place = location_own_frame(&a->locations[i], sources);
        if (guilty_at(a, place, sources) != guilty_at(b, place, sources))
            return false;
    }
    return true;
}

static size_t guilty_count(const struct finding *finding) {
    size_t count = 0;
    for (size_t i = 0; i < finding->location_count; i++)
        count += !finding->locations[i].context;
    return count;
}

/* The same words; numbers (thread ids, addresses, process ids) differ from
 * run to run and do not count. */
static bool same_words(const char *a, const char *b) {
    while (*a != '\0' && *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            while (isalnum((unsigned char)*a))
                a++;
            while (isalnum((unsigned char)*b))
                b++;
        } else if (*a++ != *b++) {
            return false;
        }
    }
    return *a == *b;
}

bool finding_same(const struct finding *a, const struct finding *b, const struct sources *sources) {
    size_t guilty = guilty_count(a);
    if (a->kind != b->kind || guilty != guilty_count(b))
        return false;
    if (guilty_at(a, NULL, sources) == guilty && guilty_at(b, NULL, sources) == guilty)
        return same_words(a->message, b->message); /* no line of the program tells them apart */
    return same_places(a, b, sources);
}

const struct frame *finding_place(const struct finding *finding, const struct sources *sources) {
    for (size_t i = 0; i < finding->location_count; i++)
        if (!finding->locations[i].context)
            return location_own_frame(&finding->locations[i], sources);
    return NULL;
}

bool finding_repeats(const struct finding *a, const struct finding *b,
                     const struct sources *sources) {
    if (a->kind != b->kind || a->object == NULL || b->object == NULL ||
        strcmp(a->object, b->object) != 0)
        return false;
    const struct frame *one = finding_place(a, sources), *other = finding_place(b, sources);
    return one != NULL && other != NULL && strcmp(one->file, other->file) == 0 &&
           strcmp(one->function, other->function) == 0;
}

static void add_line(void *owner, struct finding *finding, const struct frame *place) {
    size_t at = 0;
    while (at < finding->further_count && finding->further[at].line < place->line)
        at++;
    if (at < finding->further_count && finding->further[at].line == place->line)
        return;
    finding->further =
        grow_array(owner, finding->further, struct frame, finding->further_count + 1);
    memmove(&finding->further[at + 1], &finding->further[at],
            (finding->further_count - at) * sizeof *finding->further);
    finding->further[at] = *place;
    finding->further_count++;
}

void finding_add_further(void *owner, struct finding *finding, const struct finding *other,
                         const struct sources *sources) {
    int line = finding_place(finding, sources)->line;
    const struct frame *place = finding_place(other, sources);
    if (place->line != line)
        add_line(owner, finding, place);
    for (size_t i = 0; i < other->further_count; i++)
        if (other->further[i].line != line)
            add_line(owner, finding, &other->further[i]);
}
