/* SPDX-License-Identifier: MIT */
/*
 * PrairieLearn's results.json (docs/externalGrading.md): a score in 0 to 1, and tests with points. It has no tests that only the
 * teacher sees. Not graded: "gradable" false, which takes no attempt and no points.
 */
#include <jansson.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

static json_t *test_of(const struct mark *mark, void *scratch) {
    return json_pack("{ss ss si si so ss}", "name", mark->title, "description", mark->name,
                     "points", mark->points, "max_points", mark->most, "message",
                     json_sprintf("%s: %s", mark_state_name(mark->state), said_sentence(mark)),
                     "output", said_mark(scratch, mark));
}

int format_prairielearn(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    json_t *object;
    if (mark_broken(grade)) {
        object = json_pack("{sb s[ss]}", "gradable", false, "format_errors",
                           said_headline(scratch, grade), grade->reason);
    } else {
        json_t *tests = json_array();
        for (size_t i = 0; i < grade->count; i++)
            json_array_append_new(tests, test_of(&grade->marks[i], scratch));
        object = json_pack("{sb sf ss ss so}", "gradable", true, "score", said_score(grade),
                           "message", said_headline(scratch, grade), "output",
                           said_whole(scratch, grade), "tests", tests);
    }
    int result = dump_json(out, object, error);
    talloc_free(scratch);
    return result;
}
