/* SPDX-License-Identifier: MIT */
/* Where a finding stands, as SARIF says it (what it is: render_sarif.c). New references. */
#ifndef HAZARD_RENDER_SARIF_PLACE_H
#define HAZARD_RENDER_SARIF_PLACE_H

#include <jansson.h>

#include "report/finding.h"

#define SARIF_ROOT "%SRCROOT%"

/* A clean line, and the same as {"text": ...}. */
json_t *sarif_text(const char *words);
json_t *sarif_message(const char *words);

/* The URI that SARIF_ROOT stands for. */
json_t *sarif_root_uri(const char *root);

/* A file as a whole: code hosts show no result without a line, so it has the first. */
json_t *sarif_file_location(const char *root, const char *file);

/* A line of a file whose path is relative. */
json_t *sarif_line_location(const char *file, int line);

json_t *sarif_location(const struct location *location, const struct sources *sources,
                       const char *root);

/*
 * One codeFlow with a threadFlow for each actor: of the finding's schedule, in the order of its
 * steps, where the detector knows it; else of its locations.
 */
json_t *sarif_code_flow(const struct finding *finding, const struct sources *sources,
                        const char *root);

json_t *sarif_fingerprint(const struct finding *finding, const char *program, const char *detector,
                          const struct sources *sources, const char *root);

#endif
