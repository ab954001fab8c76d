/* SPDX-License-Identifier: MIT */
/* A window of the walk, at each point of which the signal does harm. */
#ifndef HAZARD_INJECT_REPORT_WINDOWS_H
#define HAZARD_INJECT_REPORT_WINDOWS_H

#include "inject/report/injected_finding.h"
#include "inject/walk/injection.h"
#include "report/finding.h"

/* A finding and where its points lie. */
struct window {
    struct finding *finding;
    const struct injected_finding *injected;
};

/* Does one go on at the very instruction where the other ends? */
bool windows_touch(struct window a, struct window b, const struct injection *injection);

/* And does the program end at the same place, for the same reason? */
bool windows_meet(struct window a, struct window b, const struct injection *injection,
                  const struct sources *sources);

/* The line of `b` that is interrupted becomes a place of `a`, which has the words. */
void windows_join(void *owner, struct finding *a, const struct finding *b,
                  const struct sources *sources);

#endif
