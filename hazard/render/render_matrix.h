/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_RENDER_MATRIX_H
#define HAZARD_RENDER_RENDER_MATRIX_H

#include <stdio.h>

#include "hazard/result.h"

/* `matrix`: one line per program, one column per detector, mismatches explained below. */
void render_matrix(FILE *out, const struct suite_report *report);

#endif
