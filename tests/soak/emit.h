/* SPDX-License-Identifier: MIT */
/*
 * Programs of the soak as C. Many make one source, so that the compiler is called once:
 *
 *   BINARY NUMBER in       the outcome is one of those that are known; else an assertion fails
 *   BINARY NUMBER not I    the outcome is not known one I; else an assertion fails
 *   BINARY NUMBER any      whatever it is
 */
#ifndef HAZARD_TESTS_SOAK_EMIT_H
#define HAZARD_TESTS_SOAK_EMIT_H

#include <stdio.h>

#include "tests/soak/interpret.h"

struct soak_emitted {
    const struct soak_program *program;
    const struct soak_truth *truth;
};

/* `first`: of comment lines that say what the file is; NULL: none. */
void soak_emit(FILE *out, const char *first, const struct soak_emitted *programs, int count);

/* "found deadlock, data-race" or "proved", in `words`. */
void soak_emit_failures(char *words, size_t size, unsigned failures);

#endif
