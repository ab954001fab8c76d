/* SPDX-License-Identifier: MIT */
/* What the processes of a family print. */
#ifndef HAZARD_INJECT_FAMILY_OUTPUT_H
#define HAZARD_INJECT_FAMILY_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "inject/process/launch.h"

/* Of stdout (0) and stderr (1). */
struct output {
    const struct capture *capture; /* where it comes out; common to a family and its copies */
    char *text[2];                 /* each ends with a '\0' that is not counted */
    size_t length[2];
    size_t limit;   /* bytes of each that are kept at most */
    bool overflows; /* output_drain has just found more than that */
};

/* Its texts lie below `owner`. */
void output_begin(void *owner, struct output *output, const struct capture *capture);

/* Bytes of both. */
size_t output_length(const struct output *output);

/* *output is a copy of another: its texts become its own, below `owner`. */
void output_separate(void *owner, struct output *output);

/* Takes what was printed since. True if that was anything. */
bool output_drain(void *owner, struct output *output);

#endif
