/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_FINDING_JSON_H
#define HAZARD_RENDER_FINDING_JSON_H

#include <jansson.h>

#include "report/finding.h"

/*
 * {"kind", "message", "locations": [...], "context": [...]}: the guilty locations, and those that
 * merely explain them, each {"file", "line", "function", "actor", "doing"}. New reference.
 */
json_t *finding_json(const struct finding *finding, const struct sources *sources,
                     const char *root);

#endif
