/* SPDX-License-Identifier: MIT */
/* The catalogue as JSON: for those who build on it (a course's pages, an autograder). */
#ifndef HAZARD_RENDER_RENDER_JSON_HAZARD_H
#define HAZARD_RENDER_RENDER_JSON_HAZARD_H

#include <jansson.h>

#include "hazard/catalog/catalog.h"
#include "hazard/catalog/catalog_where.h"

/* What the catalogue says of a hazard: summary, and all of it. New references. */
json_t *render_json_summary(const struct hazard *hazard);
json_t *render_json_hazard(const struct hazard *hazard);

/* {"glibc": ">=2.37"}. New reference. */
json_t *render_json_where(const struct where *where);

#endif
