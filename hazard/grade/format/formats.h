/* SPDX-License-Identifier: MIT */
/* The writers of the table in grade_format.c: a file each, format_NAME.c, which says where the format is from. */
#ifndef HAZARD_GRADE_FORMAT_FORMATS_H
#define HAZARD_GRADE_FORMAT_FORMATS_H

#include <stdio.h>

#include "base/fail.h"
#include "hazard/grade/mark.h"

typedef int format_write(FILE *out, const struct grade *grade, struct error *error);

/* For the student. */
format_write format_text, format_html;
/* For any program: docs/schemas/grade.schema.json. */
format_write format_json;
/* For platforms of courses. */
format_write format_autolab, format_gradescope, format_classroom50, format_prairielearn,
    format_codegrade, format_submitty, format_check50, format_dodona;
/* For what reads tests and findings. */
format_write format_junit, format_tap, format_ctrf, format_sarif;

#endif
