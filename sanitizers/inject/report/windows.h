/* SPDX-License-Identifier: MIT */
/* Findings with one cause: a window of the walk, at each point of which the signal does the same harm. */
#ifndef HAZARD_INJECT_REPORT_WINDOWS_H
#define HAZARD_INJECT_REPORT_WINDOWS_H

#include "inject/report/injected_finding.h"
#include "report/finding.h"

/* A finding and where its points lie. */
struct window {
    struct finding *finding;
    const struct injected_finding *injected;
};

/* Does one go on at the very point where the other ends, and end at the same place of the program, for the same
 * reason? */
bool windows_meet(struct window a, struct window b, const struct sources *sources);

/* The lines of `b` that are interrupted become places of `a`, which has the words. */
void windows_join(void *owner, struct finding *a, const struct finding *b,
                  const struct sources *sources);

#endif
