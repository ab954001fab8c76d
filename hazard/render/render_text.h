/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_RENDER_TEXT_H
#define HAZARD_RENDER_RENDER_TEXT_H

#include <stdio.h>

#include "hazard/result.h"

/* `check`: verdict, findings with their locations, one program after the other. */
void render_text(FILE *out, const struct suite_report *report);

/* The same of one program of the report, without the totals. */
void render_text_program(FILE *out, const struct suite_report *report,
                         const struct program_report *program);

#endif
