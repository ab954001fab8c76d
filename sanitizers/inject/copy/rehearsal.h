/* SPDX-License-Identifier: MIT */
/*
 * What the signal does at a point, without a copy: the walked process W itself gets it, runs on to
 * its end, and is put back (process/undo.h). That costs a third of a copy, and W, while it runs so,
 * is the copy: nothing is assumed of the program, the handler or the stack.
 *
 * It stops at every call, before that is executed. Those that leave nothing which is not put back
 * are let through; at its exit it is done. Whatever else happens - another call, a signal, much
 * time - is left to a copy: W is put back, and nothing was tried.
 */
#ifndef HAZARD_INJECT_COPY_REHEARSAL_H
#define HAZARD_INJECT_COPY_REHEARSAL_H

#include "inject/family/family.h"
#include "inject/process/footprint.h"

struct rehearsal;

/* A held child of W, of which is known what it does when it is let go: it ends so, makes no call
 * before that would be noted, and prints nothing. */
struct rehearsal_child {
    int id, exit_code;
    uid_t user;
};

struct rehearsal *rehearsal_new(void *owner);

/* After each call of W. */
void rehearsal_note_call(struct rehearsal *rehearsal, long call);

/* After a signal of W, or what else may have changed its mappings, handlers or signal stacks. */
void rehearsal_forget(struct rehearsal *rehearsal);

/* After each step of W that is no call: it stands at `cpu` now. */
void rehearsal_note_step(struct rehearsal *rehearsal, const struct cpu *cpu,
                         enum footprint footprint);

/*
 * W is the first process of `family`, stands, can be copied where it stands, and has a handler for
 * the tried signal, which is neither blocked nor pending. It has no child, or one that is held; and
 * none of its pipes is its output. NULL if it must be left to a copy; else how that ends, below
 * `owner`. family->end is set if W is lost.
 *
 * `child`: the signal tells of that child's end, which is made up: it stays held, and W's waiting
 * for it is answered. Else NULL.
 */
struct family *rehearsal_run(void *owner, struct rehearsal *rehearsal, struct family *family,
                             const struct rehearsal_child *child);

#endif
