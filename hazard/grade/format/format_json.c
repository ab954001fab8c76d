/* SPDX-License-Identifier: MIT */
/*
 * Everything that is known of a grade, hidden checks included: for the teacher's programs, not for students. Where the
 * platform is to blame points are null. The schema is docs/schemas/grade.schema.json.
 */
#include <jansson.h>

#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

static json_t *points(int points, bool given) {
    return given ? json_integer(points) : json_null();
}

static json_t *attachment(const struct mark *mark) {
    if (mark->attachment_name == NULL)
        return json_null();
    return json_pack("{ss ss}", "name", mark->attachment_name, "text", mark->attachment);
}

static json_t *mark_json(const struct mark *mark, bool given) {
    return json_pack("{ss ss ss ss so si sb ss ss ss ss ss? so so}", "name", mark->name, "title",
                     mark->title, "with", mark->with, "state", mark_state_name(mark->state),
                     "points", points(mark->points, given), "most", mark->most, "hidden",
                     mark->hidden, "sentence", mark->sentence, "details", mark->details, "hint",
                     mark->hint, "replay", mark->replay, "kind", mark->kind, "attachment",
                     attachment(mark), "places", dump_places(mark->places, mark->place_count));
}

int format_json(FILE *out, const struct grade *grade, struct error *error) {
    bool given = !said_broken(grade);
    json_t *marks = json_array();
    for (size_t i = 0; i < grade->count; i++)
        json_array_append_new(marks, mark_json(&grade->marks[i], given));
    enum grade_end end = given ? grade->end : GRADE_BROKEN;
    json_t *object = json_pack(
        "{ss ss ss ss ss ss ss so so si sb ss so ss}", "format", "hazard grade 1", "assignment",
        grade->assignment, "title", grade->title, "handin", grade->handin, "end",
        mark_end_name(end), "reason", grade->reason, "details", grade->details, "places",
        dump_places(grade->places, grade->place_count), "points", points(grade->points, given),
        "most", grade->most, "undecided", mark_undecided(grade), "note", grade->note, "marks",
        marks, "sandbox", grade->sandbox);
    return dump_json(out, object, error);
}
