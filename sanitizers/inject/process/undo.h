/* SPDX-License-Identifier: MIT */
/*
 * A stopped process W is kept as it stands, may then be made to run, and is put back: memory, all
 * registers and the signal mask. What else the kernel keeps of it must not change meanwhile: who
 * lets it run sees to that, call by call.
 *
 * A twin, which is a copy of W and never runs, tells what W writes: all their pages are in common
 * at first, and one that W writes becomes its own. Those are saved whenever W is kept; what it has
 * written in one that was in common then is put back from the twin.
 *
 * A page that W had never touched may be there afterwards; it holds what it would have held.
 */
#ifndef HAZARD_INJECT_PROCESS_UNDO_H
#define HAZARD_INJECT_PROCESS_UNDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "inject/process/footprint.h"

struct undo;

/* Below `owner`. */
struct undo *undo_new(void *owner);

/* It has made a step, to `cpu` (FOOTPRINT_ANY: perhaps NULL), by such an instruction: what was kept
 * is kept up to date, where that is cheap. Whatever else it does between two times that it is kept
 * is told, too, or forgotten. */
void undo_note_step(struct undo *undo, const struct cpu *cpu, enum footprint footprint);

/* W is `pid` and stands at `cpu`. False if it cannot be kept. */
bool undo_keep(struct undo *undo, pid_t pid, const struct cpu *cpu, uint64_t call_pc);

/* Puts it back to `cpu`, where it was kept last. False if that failed: it is not what it was. */
bool undo_back(const struct undo *undo, const struct cpu *cpu);

/* The twin. It is as W was when its mappings were last changed; 0: there is none. */
pid_t undo_twin(const struct undo *undo);

/* Must be called when W has made a call that may change what it has mapped. */
void undo_forget(struct undo *undo);

#endif
