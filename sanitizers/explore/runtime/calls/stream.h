/* SPDX-License-Identifier: MIT */
/* Calls that work on a FILE. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_STREAM_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_STREAM_H

#include "explore/runtime/audit/follow.h"
#include "explore/runtime/calls/visit.h"

/* The lock of a FILE is an object, as the program imports flockfile or ftrylockfile (it may be held from one call to
 * another), or streams in memory (it orders what they do to that). */
extern bool stream_locks;

/* Standard output has its buffer from the start, whoever prints first. Before the snapshot. */
void stream_prepare(void);

/* The call has returned: a FILE is part of the library's list of all of them, through which each that is closed goes. */
void stream_made(const struct visit *visit);

bool stream_is_memory(
    const struct visit *visit); /* the FILE that the table names reads or writes memory, no file */
void stream_use(struct visit *visit);                              /* it */
void stream_own(const struct visit *visit, struct follow *follow); /* its memory is its own */
bool stream_writes(const struct visit *visit);                     /* surely, before it returns */
void stream_output(
    struct visit *visit); /* something is printed: an operation only if its order counts */

#endif
