/* SPDX-License-Identifier: MIT */
/*
 * From bad points to findings: those that end alike and interrupt the same line of the program
 * belong together.
 */
#ifndef HAZARD_INJECT_STRETCHES_H
#define HAZARD_INJECT_STRETCHES_H

#include "inject/report/library_calls.h"

struct group {
    uint32_t ending;   /* of the first point */
    bool late;         /* as inject.h says of the ending: wherever the signal comes */
    int64_t second;    /* the second signal's instruction of the handler; -1: there is none */
    bool interruption; /* only inside a system call: what is wrong is that it was interrupted */
    struct spot own;   /* the line of the program that stands for all its points; `function` "?" if
                        it is unknown */
    const char *call;  /* the library function that is interrupted at the first point; "" if none */
    int64_t counted;   /* the instruction (its first point) that was last added to the shares; -1 */
    struct injected_finding injected; /* without the words of `share` */
};

struct groups {
    struct group *items; /* by first point */
    size_t count;
};

/* Below `owner`. */
struct groups groups_find(void *owner, struct spots *spots, const struct injection *injection,
                          const struct calls *calls);

/* Adds the points of `other`. */
void injected_join(void *owner, struct injected_finding *finding,
                   const struct injected_finding *other);

/* "4 of 1,271 instructions of this printf"; "" if no call of a library was interrupted. */
const char *share_words(void *owner, const struct share *shares, size_t count);

/* "1,271". */
const char *with_commas(void *owner, int64_t number);

#endif
