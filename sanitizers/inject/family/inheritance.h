/* SPDX-License-Identifier: MIT */
/*
 * Is a held child of the first process still its parent as it was at the fork, but for memory,
 * registers, descriptors and signal mask, which can be read from it? Then a copy of the parent can
 * make one like it (copy/relatives.h).
 */
#ifndef HAZARD_INJECT_FAMILY_INHERITANCE_H
#define HAZARD_INJECT_FAMILY_INHERITANCE_H

#include <stdbool.h>

#include "inject/family/task.h"

struct inheritance {
    bool estranged; /* something else that a held child has inherited may have changed since */
    bool resets;    /* a process has a handler that is reset when it runs */
    bool called;    /* any call was made */
    bool remapped;  /* the first process may have changed what it has mapped */
};

/* Before `task` makes the call at which it stands. `first`: it is the first process; `any_held`: a
 * child of the first process is held. */
void inheritance_note_call(struct inheritance *inheritance, const struct task *task, bool first,
                           bool any_held);

/* A signal is about to be delivered. */
void inheritance_note_signal(struct inheritance *inheritance);

#endif
