/* SPDX-License-Identifier: MIT */
/*
 * What a reader calls what lies at an address of an exploration. Where a person has a name for
 * something, no address is shown.
 */
#ifndef HAZARD_EXPLORE_FRONT_OBJECTS_H
#define HAZARD_EXPLORE_FRONT_OBJECTS_H

#include "base/fail.h"
#include "explore/shared.h"
#include "symbols/symbols.h"

/* Part of the paths of the runtime's sources: what is from there is not the program's. */
#define OBJECTS_RUNTIME_FILES "sanitizers/explore/"

struct objects;

/* Names in the program `binary`, loaded at `base`, and in what came out of its exploration, which
 * must live as long. NULL and *error. */
struct objects *objects_open(void *owner, const char *binary, uint64_t base,
                             const struct shared *shared, struct error *error);

/* Of the program itself. */
struct symbols *objects_symbols(const struct objects *objects);

/* Adds the frames of a stack of the depot below the innermost one at `pc` (0: none), outermost
 * last; the runtime's own are left out. Below `owner`. */
void objects_stack(const struct objects *objects, uint32_t stack, uint64_t pc,
                   struct location *location, void *owner);

/* The frames of a step of the trace. */
void objects_step(const struct objects *objects, const struct shared_step *step,
                  struct location *location, void *owner);

/* What is quoted, and what is said behind it: "forks[2].lock" and "", "i" and " in main"; NULL and
 * "a block of 8 bytes allocated at cache.c:31"; "heap+0x40" and "" if nothing better is known.
 * Strings live as long as `objects`. */
struct object_name {
    const char *quoted; /* NULL: nothing */
    const char *rest;
};
struct object_name objects_name(struct objects *objects, uint64_t address);

/* The same in a row, without quotes. Lives as long as `objects`. */
const char *objects_words(struct objects *objects, uint64_t address);

#endif
