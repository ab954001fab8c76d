/* SPDX-License-Identifier: MIT */
/*
 * Copies of the walked process.
 *
 * fork copies memory and registers. It does not copy children, alive or zombie, nor pending
 * signals, and it shares descriptors: what a copy writes to a pipe, the original would read. While
 * the walked process has none of those it is simply copied where it stands. Pipes, and children
 * that have not run yet, can be made for the copy, too (relatives.h).
 *
 * For all else, before the walked process does what may bring it about, a template is copied off. A
 * copy is then a copy of the template, which goes the walked process's way itself and so has
 * children and descriptors of its own (waypoints.h).
 *
 * Everything is led (schedule.h), so it comes to the same place; that it does is checked.
 */
#ifndef HAZARD_INJECT_COPY_COPIES_H
#define HAZARD_INJECT_COPY_COPIES_H

#include "inject/family/family.h"
#include "inject/process/footprint.h"

struct copies;

/* Below `owner`, of the first process of `family`. Its template is the process as it stands, at its
 * very start; copies come from there by `from`. NULL if it cannot be copied. */
struct copies *copies_new(void *owner, struct family *family, uint64_t from);
void copies_end(struct copies *copies);

/* The walked process has come to `from`: what is counted is counted from here. */
void copies_begin(struct copies *copies);

/* It has made a step, to `pc`: see waypoints.h. */
void copies_count(struct copies *copies, uint64_t pc, bool repeated);

/* After a call that is not CALL_QUIET (call_table.h), and after a signal: looks how it can be
 * copied now. `pending`: the set of its signals that are pending. */
void copies_look(struct copies *copies, uint64_t pending);

/* It may become one that cannot be copied where it stands: keeps what copies can be made from. */
void copies_keep_template(struct copies *copies);

/* It sleeps in a call: it cannot be copied there until the next look. */
void copies_only_rerun(struct copies *copies);

/* After each call of its own; and after each signal, sleep and what is not known. */
void copies_note_call(struct copies *copies, long call);
void copies_forget_rehearsal(struct copies *copies);

/* After each other step. */
void copies_note_step(struct copies *copies, enum footprint footprint);

/* What the tried signal does where it stands now, without a copy: the family has ended. With
 * `child_id` it tells of that child's end (0: of none). NULL if that takes a copy. */
struct family *copies_rehearse(struct copies *copies, int child_id);

/* In a copy, which was as `before`, that child was let go: it may be known from now on what it
 * does. */
void copies_learn_end(struct copies *copies, struct family *copy, const struct task *child,
                      const struct family *before);

/* A copy of it where it stands now. NULL and *why if there can be none. */
struct family *copies_make(struct copies *copies, const char **why);

#endif
