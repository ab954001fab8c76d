/* SPDX-License-Identifier: MIT */
/* What programs read. */
#ifndef HAZARD_RENDER_RENDER_JSON_H
#define HAZARD_RENDER_RENDER_JSON_H

#include <jansson.h>

#include "base/fail.h"
#include "hazard/result.h"

/* {"program", "results": [...]} as README.md documents it. New reference. */
json_t *render_json_program(const struct suite_report *report,
                            const struct program_report *program);

/* {"programs": [...]}; of programs of the suite also {"versions": {"glibc": "2.41", ...}}. New
 * reference. */
json_t *render_json_check(const struct suite_report *report);

/* {"hazards": [...], "versions": {...}, "mismatches": N}. New reference. */
json_t *render_json_matrix(const struct suite_report *report);

/* Written beside `path` first and then renamed: never a half-written file. -1 and *error. */
int render_json_file(const char *path, json_t *value, struct error *error);

#endif
