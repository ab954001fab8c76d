/* SPDX-License-Identifier: MIT */
/* What was refused, as it is found. */
#ifndef HAZARD_GATE_NOTES_H
#define HAZARD_GATE_NOTES_H

#include "hazard/gate/gate.h"

struct notes {
    void *owner;
    const struct gate_input *input;
    const char *folder;         /* the hand-in's, real */
    struct gate_refusal *items; /* `file` is a real path while they are found */
    size_t count;
};

/* Of one hand-in; whoever has so many is refused anyway. */
#define NOTES_MOST 2000

/* Once a kind, file and line; nothing of a rule that is off, or when they are full. `what` is copied. */
void notes_add(struct notes *notes, enum gate_kind kind, const char *file, int line,
               const char *what);

bool notes_are_full(const struct notes *notes);

/* Sorted, named from the hand-in's folder, with their text, GATE_MOST of a file. */
void notes_finish(struct notes *notes, struct gate *gate);

/* Is the real path in that real folder? */
bool notes_below(const char *path, const char *folder);

#endif
