/* SPDX-License-Identifier: MIT */
/*
 * From bad points to findings: those that end alike and interrupt the same line of the program
 * belong together.
 */
#ifndef HAZARD_INJECT_REPORT_GROUPS_H
#define HAZARD_INJECT_REPORT_GROUPS_H

#include "inject/report/injected_finding.h"
#include "inject/report/library_calls.h"
#include "inject/walk/injection.h"
#include "symbols/spots.h"

struct point_group {
    uint32_t ending;   /* of the first point */
    bool late;         /* as struct ending says: wherever the signal comes */
    int64_t second;    /* the second signal's instruction of the handler; -1: there is none */
    bool interruption; /* only inside a system call: what is wrong is that it was interrupted */
    bool all_end;      /* only when several children end at once: each of them alone does no harm */
    struct spot own;   /* the line of the program that stands for all its points; `function` "?" if
                        it is unknown */
    const char *call;  /* the library function that is interrupted at the first point; "" if none */
    int64_t counted;   /* the instruction (its first point) that was last added to the shares; -1 */
    struct injected_finding injected; /* without the words of `share` */
};

struct point_groups {
    struct point_group *items; /* by first point */
    size_t count;
};

/* Below `owner`. */
struct point_groups groups_find(void *owner, struct spots *spots, const struct injection *injection,
                                const struct library_calls *calls);

#endif
