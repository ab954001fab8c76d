/* SPDX-License-Identifier: MIT */
/*
 * The report model: what any detector says of one run of a program, in one form.
 *
 * Detectors fill it, the judge compares it with the catalogue, the renderers print it. All of it is
 * allocated with talloc below the `owner` that is handed in: freeing the owner frees everything,
 * and no function here frees anything by itself. Strings are never NULL unless their comment says
 * so.
 */
#ifndef HAZARD_REPORT_FINDING_H
#define HAZARD_REPORT_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "report/kind.h"
#include "report/location.h"

struct finding {
    enum kind kind;
    const char *message; /* one line, the tool's own words where it has some */
    struct location *locations;
    size_t location_count;
    /* The steps that led there, in the order in which they happened, where the detector decided
     * that order; else none. Those before `schedule_first` are left out. */
    struct location *schedule;
    size_t schedule_count, schedule_first;
    /* Which object it is about, where a tool reports the same one again for each access: equal for
     * the same. For no reader. NULL: unknown. */
    const char *object;
    bool writes; /* to the object */
    /* Further lines of the same function that did the same to the object, in order. */
    struct frame *further;
    size_t further_count;
    const char
        *doubt;   /* why it may be none, or is none: one line; NULL: nothing speaks against it */
    bool refuted; /* `doubt` is certain: it is a false alarm */
};

struct findings {
    struct finding *items;
    size_t count;
};

/* Appends a copy of the struct (strings and arrays are shared, and must
 * live as long as `owner`). */
void findings_add(void *owner, struct findings *all, struct finding one);
void finding_add_location(void *owner, struct finding *finding, struct location one);

/*
 * Do the two say the same: same kind, and the same own lines for the same number of guilty
 * locations? Where neither points into the program, the messages tell them apart (numbers aside).
 */
bool finding_same(const struct finding *a, const struct finding *b, const struct sources *sources);

/* The program's own frame of its first guilty location; NULL: there is none. */
const struct frame *finding_place(const struct finding *finding, const struct sources *sources);

/* Are they of one kind, about one object, and in one function of the program? */
bool finding_repeats(const struct finding *a, const struct finding *b,
                     const struct sources *sources);

/* Adds the place of `other`, which repeats it, to its further lines, and those of `other`. */
void finding_add_further(void *owner, struct finding *finding, const struct finding *other,
                         const struct sources *sources);

#endif
