/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_ACTORS_H
#define HAZARD_RENDER_ACTORS_H

#include <stddef.h>
#include <stdio.h>

/* One step of one actor. */
struct actor_step {
    const char *actor;
    const char *words;
};

/*
 * Prints a column for each actor, a row for each step: the form of the header comments in buggy/.
 * Nothing for a single actor, and nothing if there are too many for the page.
 */
void actors_print(FILE *out, size_t indent, const struct actor_step *steps, size_t count);

#endif
