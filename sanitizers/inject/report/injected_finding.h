/* SPDX-License-Identifier: MIT */
/*
 * What a finding of inject has beside the words of the report: at how many points it comes, in
 * which stretches of the walk they lie, and what share of the calls into libraries they are.
 */
#ifndef HAZARD_INJECT_REPORT_INJECTED_FINDING_H
#define HAZARD_INJECT_REPORT_INJECTED_FINDING_H

#include "inject/report/library_calls.h"
#include "symbols/spots.h"

/* A run of neighbouring points with one and the same ending. */
struct stretch {
    int64_t first, count; /* points */
    struct spot spot;     /* of the first */
};

/* How many instructions of one call belong to a finding. */
struct call_share {
    struct library_call call;
    int64_t points;
};

/* inject_report.injected[i] belongs to findings.items[i]. */
struct injected_finding {
    int64_t at;     /* the first point: `hazard inject --at K` */
    int64_t second; /* `--at K+N`: it takes a second signal; -1: it does not */
    int64_t points;
    struct stretch *stretches;
    size_t stretch_count;
    struct call_share *shares;
    size_t share_count;
    bool everywhere;   /* no point did otherwise */
    const char *share; /* injected_share_words; "" until all points are known */
};

/* One point more, of those that come in the order of the walk; one that comes again (it is the
 * first of several pairs) has its place already. `spot` is where it lies. */
void injected_add_point(void *owner, struct injected_finding *finding, struct spot spot,
                        int64_t point);

/* One instruction more of that call. */
void injected_add_share(void *owner, struct injected_finding *finding,
                        const struct library_call *call);

/* Adds the points of `other`. */
void injected_join(void *owner, struct injected_finding *finding,
                   const struct injected_finding *other);

/* Stretches without a point between them become one. */
void injected_close_gaps(struct injected_finding *finding);

/* "4 of 1,271 instructions of this printf"; "" if no call of a library was interrupted. */
const char *injected_share_words(void *owner, const struct call_share *shares, size_t count);

#endif
