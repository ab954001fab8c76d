/* SPDX-License-Identifier: MIT */
/*
 * CodeGrade, AutoTest v2, custom test block (codegrade.com/blog/how-to-use-custom-test-blocks): a line of JSON each, here
 * first comments at lines of the hand-in, then the points. Not graded: nothing at all, so that the block has no points.
 */
#include <jansson.h>

#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

static void add_comments(json_t *comments, const struct mark_place *places, size_t count,
                         const char *code, const char *severity) {
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            comments, json_pack("{ss ss s[{ss ss s{s{si si} s{si}} ss}]}", "filename",
                                places[i].file, "origin", "hazard", "items", "code", code,
                                "severity", severity, "loc", "start", "line", places[i].line,
                                "column", 1, "end", "line", places[i].line, "msg", places[i].text));
}

static json_t *comments(const struct grade *grade) {
    json_t *array = json_array();
    add_comments(array, grade->places, grade->place_count, "refused", "error");
    for (size_t i = 0; i < grade->count; i++) {
        const struct mark *mark = &grade->marks[i];
        if (!mark->hidden && mark->state != MARK_PASSED)
            add_comments(array, mark->places, mark->place_count,
                         mark->kind != NULL ? mark->kind : mark->name,
                         mark->state == MARK_UNDECIDED ? "warning" : "error");
    }
    return json_pack("{ss so}", "tag", "comments", "comments", array);
}

int format_codegrade(FILE *out, const struct grade *grade, struct error *error) {
    if (mark_broken(grade))
        return dump_end(out, error);
    json_t *said = comments(grade);
    int result = 0;
    if (json_array_size(json_object_get(said, "comments")) > 0)
        result = dump_json_line(out, json_incref(said), error);
    json_decref(said);
    int most = grade->most > 0 ? grade->most : 1, points = grade->points;
    if (grade->most == 0)
        points = said_full(grade);
    json_t *line =
        json_pack("{ss so}", "tag", "points", "points", json_sprintf("%d/%d", points, most));
    return dump_json_line(out, line, error) | result;
}
