/* SPDX-License-Identifier: MIT */
/*
 * A task runs to its next system call that matters (filter.h) and stops in it before it is
 * executed. Then we either make the result up (calling.h) or let the call be executed (execute.h).
 */
#ifndef HAZARD_INJECT_FAMILY_ADVANCE_H
#define HAZARD_INJECT_FAMILY_ADVANCE_H

#include "inject/family/family.h"

/* Has a task used much processor time without a call? */
enum advance_spin {
    ADVANCE_NO_SPIN,
    /* It computes: then no time is over, whatever the processor says; children and signals may
     * come, but no timer. */
    ADVANCE_COMPUTES,
    /* It may go round and wait for what is held back: it would soon be taken to have run away. */
    ADVANCE_WAITS,
    /* It does: all of its state has come back. */
    ADVANCE_ROUND
};

/* Up to the next call of a READY task, or over that call. Afterwards it is in any other state but
 * HELD, or family->end is set. */
enum advance_spin advance_task(struct family *family, struct task *task);

/* One instruction, or one call, of the first process, which is READY before; or the one of them
 * that it is known to be. */
void advance_step(struct family *family);
void advance_over_call(struct family *family);
void advance_over_instruction(struct family *family);

#endif
