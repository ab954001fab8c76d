/* SPDX-License-Identifier: MIT */
/* Findings: building them, and keeping each distinct one with the schedule that shows it. */
#ifndef HAZARD_EXPLORE_RUNTIME_FINDING_H
#define HAZARD_EXPLORE_RUNTIME_FINDING_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/shared.h"

/* A finding of that kind, without places and words: those come into its message. */
void finding_start(struct shared_finding *finding, int kind);
struct shared_location *finding_at(struct shared_finding *finding, int actor, uint32_t stack,
                                   uintptr_t pc, struct message_doing doing);

/* One more of those that fail no program, unless one alike is known. */
void finding_warn(const struct shared_finding *finding);

bool finding_alike(const struct shared_finding *a, const struct shared_finding *b);
void finding_keep(const struct shared_finding *finding);  /* unless one alike is known */
void finding_renew(const struct shared_finding *finding); /* the first, as the trace shows it */

/* Where schedules are kept: behind all else in shared memory, so that no search overwrites them. */
uint8_t *finding_schedules(void);

#endif
