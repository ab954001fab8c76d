/* SPDX-License-Identifier: MIT */
/*
 * A process that is alone, and sleeps and looks again for ever: `while (fg) sleep(1);`. Once all of
 * its state comes back, it will always do so. That state is its registers and memory, its signals,
 * mappings and descriptors; of the time it must not have asked meanwhile, nor have made another call
 * by which something may have changed or come in.
 */
#ifndef HAZARD_INJECT_FAMILY_CIRCLE_H
#define HAZARD_INJECT_FAMILY_CIRCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inject/family/task.h"

struct circle {
    unsigned naps; /* since something else was done */
    bool known;    /* what it was at one of them: */
    struct cpu cpu;
    uint64_t state;
    size_t printed;
    bool closed; /* circle_is_closed has said so */
};

/* A call was made by any process of its family, or a signal came: the circle begins anew. */
void circle_break(struct circle *circle);

/* Does the call leave things as they are? Else it breaks the circle. */
void circle_note_call(struct circle *circle, long call);

/* It naps, alone, and nothing but the end of the nap can wake it; its family has printed so many bytes so far.
 * True if it has been there before: it never ends. */
bool circle_is_closed(struct circle *circle, const struct task *task, size_t printed);

#endif
