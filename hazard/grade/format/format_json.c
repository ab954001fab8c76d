/* SPDX-License-Identifier: MIT */
/*
 * Everything that is known of a grade, hidden checks included: for the teacher's programs, not for students. The schema is
 * docs/schemas/grade.schema.json.
 */
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/grade_json.h"

int format_json(FILE *out, const struct grade *grade, struct error *error) {
    return dump_json(out, grade_json(grade), error);
}
