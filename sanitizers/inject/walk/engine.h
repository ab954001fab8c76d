/* SPDX-License-Identifier: MIT */
/* Starts the workers, watches them, and puts together what they wrote on the board. */
#ifndef HAZARD_INJECT_WALK_ENGINE_H
#define HAZARD_INJECT_WALK_ENGINE_H

#include "inject/inject_options.h"
#include "inject/walk/injection.h"
#include "subject.h"

/* Points tried so far, how many of them did harm, seconds since the start. */
typedef void (*engine_progress)(int64_t done, int64_t bad, double seconds, void *data);

/* Walks and tries. `progress` may be NULL. -1 and *error: hazard itself failed (ptrace forbidden:
 * says how to allow it). */
int engine_walk(void *owner, const struct subject *subject, const struct inject_options *options,
                engine_progress progress, void *data, struct injection *injection,
                struct error *error);

#endif
