/* SPDX-License-Identifier: MIT */
/* Leads a family: who runs, how far, and what is let go when nobody can. */
#ifndef HAZARD_INJECT_FAMILY_SCHEDULE_H
#define HAZARD_INJECT_FAMILY_SCHEDULE_H

#include "inject/family/family.h"

/* One instruction, or one call, of the first process, which is READY before; then the others as far
 * as it needs them: it is READY again, or family->end is set. */
void schedule_step(struct family *family);

/* The first process cannot go on: lets the others, until it can. */
void schedule_rest(struct family *family);

/* Like it, but no further than until one of them has done something that others may notice
 * (family->changes). True if the first process cannot go on yet. */
bool schedule_rest_to_change(struct family *family);

/* What the first process did may have woken others: they come back from their calls. */
void schedule_look(struct family *family);

/* On to the end; or to the breakpoint (breakpoint.met), from which it goes on when it is called
 * again. */
void schedule_run(struct family *family);

/* On to the n-th meeting of pc by the first process. False if it never came. */
bool schedule_run_to(struct family *family, uint64_t pc, uint64_t meetings);

/* The first process spins: lets a source go, and others run until they cannot go on. False if there
 * was nothing to let go. */
bool schedule_others(struct family *family);

/* Lets that held child run to its end, while the first process stays where it is; or as far as it
 * comes, if it waits for the first process. */
void schedule_child_to_end(struct family *family, struct task *child);

/* The same of all children of the first process, at once: their SIGCHLD is one, even if the first
 * process sleeps and would be quick to take the first of them. */
void schedule_children_to_end(struct family *family);

#endif
