/* SPDX-License-Identifier: MIT */
/* One execution for people: a table with a column for each actor. */
#ifndef HAZARD_RENDER_INTERLEAVING_H
#define HAZARD_RENDER_INTERLEAVING_H

#include <stddef.h>
#include <stdio.h>

#include "hazard/render/steps.h"

/*
 * Prints a row for each step: its line of source and what it did, in the column of its actor; marks
 * for switches, preemptions and the critical step, explained below the table. Accesses that race
 * are no steps: their rows have no number. Nothing for an empty trace. The page is as wide as
 * $COLUMNS or the terminal, else 80 columns.
 */
void interleaving_print(FILE *out, size_t indent, const struct interleaving *what);

#endif
