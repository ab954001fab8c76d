/* SPDX-License-Identifier: MIT */
/* A grade as JSON, and back: docs/schemas/grade.schema.json. Hidden checks are in it, so it is for teachers and programs. */
#ifndef HAZARD_GRADE_GRADE_JSON_H
#define HAZARD_GRADE_GRADE_JSON_H

#include <jansson.h>

#include "hazard/grade/mark.h"

/* Where the platform is to blame points are null. New reference. */
json_t *grade_json(const struct grade *grade);

/* False: it is no such JSON. What is in the grade lies below `owner`. */
bool grade_json_read(void *owner, json_t *value, struct grade *grade);

#endif
