/* SPDX-License-Identifier: MIT */
/*
 * Many hand-ins of one assignment: graded in parallel, the same files once. What is done is kept by its key (grade_key.h) in
 * the folder of results, so that who is interrupted goes on where it was.
 */
#ifndef HAZARD_GRADE_CLASS_H
#define HAZARD_GRADE_CLASS_H

#include "hazard/grade/assignment.h"
#include "hazard/grade/mark.h"
#include "sandbox/sandbox.h"

struct class_options {
    const char *kept; /* the folder of grades that are kept, made if need be; NULL: none are */
    int parallel;     /* at most so many at once */
    bool progress;    /* on stderr */
};

struct class_row {
    const char *path, *name; /* as it was named, and the last part of that */
    const char *key;         /* NULL: it could not be read, and is not kept */
    struct grade grade;
};

/* A course's class, for one assignment. */
struct class {
    const struct assignment *assignment;
    struct class_row *rows; /* as they were named */
    size_t count;
    size_t graded; /* of them now; the others were kept, or are the same as one before */
};

/*
 * Names are unique, or that is the error. 0, or -1 and *error: a hand-in is not there, the user interrupted, hazard itself
 * failed; what was graded until then is kept.
 */
int class_run(void *owner, const struct assignment *assignment, const struct sandbox *sandbox,
              const char *const *paths, size_t count, const struct class_options *options,
              struct class *class, struct error *error);

#endif
