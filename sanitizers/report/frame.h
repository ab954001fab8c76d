/* SPDX-License-Identifier: MIT */
/* One frame of a stack, and whether it lies in the program. */
#ifndef HAZARD_REPORT_FRAME_H
#define HAZARD_REPORT_FRAME_H

#include <stdbool.h>
#include <stddef.h>

struct frame {
    const char *function; /* "?" if the tool does not know */
    const char *file; /* absolute where the tool knows the folder; NULL without debug information */
    int line;         /* 1-based; 0: unknown */
    int column;       /* 1-based; 0: unknown */
};

/* The files that a program was built from: absolute, resolved paths. */
struct sources {
    const char *const *paths;
    size_t count;
};

/* Does the frame lie in this file (absolute), or in what it was preprocessed from (NAME.c of NAME.c.WORD.i)? Names are compared, not inodes: frame.c says why. */
bool frame_in_file(const struct frame *frame, const char *file);

/* Does it lie in the file's folder? */
bool frame_beside_file(const struct frame *frame, const char *file);

#endif
