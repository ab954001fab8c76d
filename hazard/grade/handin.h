/* SPDX-License-Identifier: MIT */
/* What was handed in: the files that the assignment asks for, copied. Links, FIFOs and what else is no regular file are refused. */
#ifndef HAZARD_GRADE_HANDIN_H
#define HAZARD_GRADE_HANDIN_H

#include "hazard/grade/assignment.h"

struct handin {
    const char *const *sources; /* its C files, as they were asked for; NULL-terminated */
    const char *
        refusal; /* NULL, or what the student did wrong: one sentence. Then nothing is to be used */
};

/*
 * `path` is a folder that has the files; or the one file that is asked for, whatever its name. They are copied below the folder
 * `into`. 0, or -1 and *error: the path is not there, or not ours to read; the disk is full.
 */
int handin_take(void *owner, const struct assignment *assignment, const char *path,
                const char *into, struct handin *handin, struct error *error);

/* The last part of the path: whose it is, most likely. Of "." the folder's own name. Below `owner`. */
const char *handin_name(void *owner, const char *path);

#endif
