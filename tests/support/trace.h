/* SPDX-License-Identifier: MIT */
/*
 * Outcomes made by hand: what explore_run would bring of tests/fixtures/schedule/seat.c, or of an
 * execution of any length, without running anything.
 */
#ifndef TESTS_TRACE_H
#define TESTS_TRACE_H

#include "explore/front/explore.h"
#include "explore/front/words.h"

#define TRACE_SOURCE "tests/fixtures/schedule/seat.c"
#define TRACE_LOCK UINT64_C(0x10000) /* the address of a mutex */

struct trace {
    struct explore_outcome outcome;
    struct shared *shared;
    struct explore_options options;
    struct subject subject; /* the binary is this test runner */
};

/* An empty one; pages of its shared memory are made when they are written. */
struct trace *trace_new(void *owner);

/* Adds a step; `line` of TRACE_SOURCE, 0: nowhere. Returns it for more to be set. */
struct shared_step *trace_step(struct trace *trace, int actor, enum op_kind kind, int line);

/* An access of that step to TRACE_LOCK. */
void trace_access(struct shared_step *step, enum mode mode, int32_t delta);

/* The finding that the trace ends in. */
void trace_find(struct trace *trace, enum kind kind, const char *message);

/* Both sell the last seat: 14 steps, the critical one is the 9th. */
struct trace *trace_seat(void *owner);

#endif
