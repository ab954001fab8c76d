/* SPDX-License-Identifier: MIT */
/*
 * Copies of a family whose first process has held children or pipes: it and they, without running
 * the way again (copies.c).
 *
 * A held child has not run since the fork. So it is its parent as it was then: memory, registers,
 * descriptors and signal mask, which can all be read from it; and the rest of what a process
 * inherits, as long as nobody has changed that since (family/inheritance.h).
 */
#ifndef HAZARD_INJECT_COPY_RELATIVES_H
#define HAZARD_INJECT_COPY_RELATIVES_H

#include "inject/family/family.h"

/* What is known of the held children of one family; kept from one copy to the next. */
struct relatives;

struct relatives *relatives_new(void *owner);

/* After each call of the first process that is not CALL_QUIET (call_table.h): a child that was made
 * by that call is taken down. `askable`: the first process stands, and no signal is pending. */
void relatives_look(struct relatives *relatives, struct family *family, bool askable);

/* A copy of the first process, its pipes and its held children, who are all there is beside it.
 * NULL if it cannot be made so; the family is as it was. */
struct family *relatives_copy(void *owner, struct relatives *relatives, struct family *family);

#endif
