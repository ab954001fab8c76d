/* SPDX-License-Identifier: MIT */
/*
 * Makes a program smaller that still differs: threads, blocks and operations are dropped, one after the
 * other, until none can be spared.
 */
#ifndef HAZARD_TESTS_SOAK_SHRINK_H
#define HAZARD_TESTS_SOAK_SHRINK_H

#include <stdbool.h>

#include "tests/soak/program.h"

/* `differs` is asked of each smaller one. */
void soak_shrink(struct soak_program *program,
                 bool (*differs)(void *data, const struct soak_program *program), void *data);

/* Without the operation; of a block, `whole`: with all that is in it. */
void soak_shrink_drop(struct soak_program *program, int t, int at, bool whole);

#endif
