/* SPDX-License-Identifier: MIT */
/*
 * From the one report model to what people and machines read. Renderers print; they decide nothing.
 */
#ifndef HAZARD_RENDER_H
#define HAZARD_RENDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/fail.h"
#include "hazard/result.h"

/* Colours for a terminal, or empty strings. See https://no-color.org. */
struct style {
    const char *bold, *dim, *red, *green, *yellow, *cyan, *reset;
};
const struct style *style_for(FILE *stream);

/* `check`: verdict, findings with their locations, one program after the other. */
void render_text(FILE *out, const struct suite_report *report);

/* `matrix`: one line per program, one column per detector, mismatches explained below. */
void render_matrix(FILE *out, const struct suite_report *report);

/* {"program", "results": [...]} as README.md documents it. New reference. */
json_t *render_json_program(const struct suite_report *report,
                            const struct program_report *program);
/* {"hazards": [...], "mismatches": N}. New reference. */
json_t *render_json_matrix(const struct suite_report *report);

/* What the catalogue says of a hazard: summary, and all of it. New references. */
json_t *render_json_summary(const struct hazard *hazard);
json_t *render_json_hazard(const struct hazard *hazard);

/* Written beside `path` first and then renamed: never a half-written file. -1 and *error. */
int render_json_file(const char *path, json_t *value, struct error *error);
int render_junit_file(const char *path, const struct suite_report *report, struct error *error);
int render_sarif_file(const char *path, const struct suite_report *report, struct error *error);

/* One result as JSON with nothing left out, and back (NULL if it is malformed): how workers report.
 */
json_t *result_pack(const struct result *result);
struct result *result_unpack(void *owner, json_t *packed);

#endif
