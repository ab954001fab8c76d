/* SPDX-License-Identifier: MIT */
/*
 * What a reader calls the places, objects, actors and steps of an exploration. Where a person has a
 * name for something, no address is shown.
 */
#ifndef HAZARD_EXPLORE_NAMES_H
#define HAZARD_EXPLORE_NAMES_H

#include "base/error.h"
#include "explore/shared.h"
#include "report/report.h"

/* --- symbols.c: libdw on the program's binary --- */

/* `base`: where it was loaded. NULL and *error. */
struct symbols *symbols_open(void *owner, const char *binary, uint64_t base, struct error *error);

/* What came out, by which stacks and heaps have names too; it must live as long as `symbols`. */
void symbols_know(struct symbols *symbols, const struct shared *shared);

/* The C files that its debug information names and that are there, without the runtime's. */
struct sources symbols_sources(const struct symbols *symbols);

/* The place of a call that returns to `pc`. Strings live as long as `symbols`. */
struct frame symbols_frame(struct symbols *symbols, uint64_t pc);

/* Adds the frames of a stack of the depot below the innermost one at `pc` (0: none), outermost
 * last; the runtime's own are left out. Below `owner`. */
void symbols_stack(struct symbols *symbols, const struct shared *shared, uint32_t stack,
                   uint64_t pc, struct location *location, void *owner);

/* The frames of a step of the trace. */
void symbols_step(struct symbols *symbols, const struct shared *shared,
                  const struct shared_step *step, struct location *location, void *owner);

/* --- objects.c: what lies at an address --- */

/* What is quoted, and what is said behind it: "forks[2].lock" and "", "i" and " in main"; NULL and
 * "a block of 8 bytes allocated at cache.c:31"; "heap+0x40" and "" if nothing better is known.
 * Strings live as long as `symbols`. */
struct object_name {
    const char *quoted; /* NULL: nothing */
    const char *rest;
};
struct object_name symbols_object(struct symbols *symbols, uint64_t address);

/* The same in a row, without quotes. Lives as long as `symbols`. */
const char *symbols_object_words(struct symbols *symbols, uint64_t address);

/* --- callee.c --- */

/* The function whose call returns to `pc`; NULL: unknown (called through a pointer). Lives as long
 * as `symbols`. */
const char *symbols_callee(struct symbols *symbols, uint64_t pc);

/* --- words.c: what happened, for people --- */

/* "main thread", "thread 2": as the report model's actors. */
const char *explore_actor(void *owner, const struct shared *shared, int actor);

/* "locks mutex `lock`", "reads 1 from `seats`": one step in words. */
const char *explore_step_words(void *owner, const struct shared *shared, struct symbols *symbols,
                               const struct shared_step *step);

/* A message of the runtime, each "@" replaced by the name of the next of `objects`. */
const char *explore_words(void *owner, struct symbols *symbols, const char *text,
                          const uint64_t *objects, size_t count);

#endif
