/* SPDX-License-Identifier: MIT */
/*
 * One actor's part in a finding. Strings and frames lie below the `owner` that is
 * handed in. Strings are never NULL.
 */
#ifndef HAZARD_REPORT_LOCATION_H
#define HAZARD_REPORT_LOCATION_H

#include <stdbool.h>
#include <stddef.h>

#include "report/frame.h"

/* Or (`context`) a stack that explains the finding: where a lock or a thread was made. */
struct location {
    const char *actor;    /* "main thread", "thread 2", "server process", "client 2" */
    const char *doing;    /* "write of 4 bytes", "acquires mutex M1", "blocked in read" */
    bool context;         /* it explains, it is not guilty: never compared with a marker */
    struct frame *frames; /* innermost first */
    size_t frame_count;
};

/* Appends a copy of the frame. */
void location_add_frame(void *owner, struct location *location, struct frame one);

/*
 * The innermost frame that lies in the program itself: in one of its sources, else in a file beside
 * one of them (its own headers). NULL if there is none: the location lies in a library.
 */
const struct frame *location_own_frame(const struct location *location,
                                       const struct sources *sources);

#endif
