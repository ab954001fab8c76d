/* SPDX-License-Identifier: MIT */
/* How the formats write their JSON. */
#ifndef HAZARD_GRADE_FORMAT_DUMP_H
#define HAZARD_GRADE_FORMAT_DUMP_H

#include <jansson.h>
#include <stdio.h>

#include "base/fail.h"

/* The value, indented, and a newline; its reference is taken. -1 and *error. */
int dump_json(FILE *out, json_t *value, struct error *error);

/* The same on one line. */
int dump_json_line(FILE *out, json_t *value, struct error *error);

/* -1 and *error where `out` has not taken all. */
int dump_end(FILE *out, struct error *error);

/* The lines of a text. New reference. */
json_t *dump_lines(const char *text);

#endif
