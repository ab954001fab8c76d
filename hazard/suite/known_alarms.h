/* SPDX-License-Identifier: MIT */
/*
 * What third-party tools are known to say wrongly of correct programs: the calls that they do not know. Each row was
 * measured on a small correct program (tests/fixtures/alarms); docs/false-alarms.md has them for people.
 */
#ifndef HAZARD_SUITE_KNOWN_ALARMS_H
#define HAZARD_SUITE_KNOWN_ALARMS_H

#include <stdbool.h>

#include "report/finding.h"

struct known_alarm {
    const char *calls;      /* patterns of fnmatch(3), with blanks between them */
    const char *detector;   /* "helgrind" */
    const enum kind *kinds; /* what it says wrongly; up to KIND_COUNT */
    const char *why;        /* "it does not see that the mutex is taken" */
    int newest;             /* of its tool's versions, as in base/tool.h; 0: all that there are */
    const char *
        each; /* what each other stack must involve (a lock is of use to who takes it, too); NULL: nothing */
    const char *words; /* in its message; NULL: any */
    bool library;      /* the calls are of a library whose own code may be what is reported */
};

/* The last one's `calls` is NULL. */
extern const struct known_alarm known_alarms[];

/*
 * Sets the `doubt` of each finding that is a known false alarm: of that detector, in its version at hand, with a call
 * that a function on the finding's own stacks makes, itself or through others of `binary`, the program that ran.
 */
void known_alarms_mark(void *owner, const char *detector, const char *binary,
                       const struct sources *sources, struct findings *findings);

/* A finding of kind crash: the call of which it is known that the tool itself dies in it; NULL: it may well be the program's. */
const char *known_alarms_death(void *owner, const char *detector, const char *binary,
                               const struct finding *crash, const struct sources *sources);

#endif
