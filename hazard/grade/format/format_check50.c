/* SPDX-License-Identifier: MIT */
/*
 * What `check50 -o json` prints (cs50/check50, docs/source/json_specification.rst). It knows no points: they are in each result's
 * data. A check that is undecided or skipped is neither true nor false. Not graded: "error" in place of "results".
 */
#include <jansson.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

static json_t *passed(enum mark_state state) {
    bool known = state == MARK_PASSED || state == MARK_PARTIAL || state == MARK_FAILED;
    return known ? json_boolean(state == MARK_PASSED) : json_null();
}

static json_t *cause(const struct mark *mark) {
    if (mark->state == MARK_PASSED)
        return json_null();
    const char *hint = said_hint(mark);
    return json_pack("{ss ss?}", "rationale", said_sentence(mark), "help",
                     *hint != '\0' ? hint : NULL);
}

static json_t *result_of(const struct mark *mark, void *scratch) {
    return json_pack("{ss ss so so so s{si si ss} sn}", "name", mark->name, "description",
                     mark->title, "passed", passed(mark->state), "log",
                     dump_lines(mark->state == MARK_PASSED ? "" : said_details(scratch, mark)),
                     "cause", cause(mark), "data", "points", mark->points, "most", mark->most,
                     "state", mark_state_name(mark->state), "dependency");
}

int format_check50(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    json_t *object = json_pack("{ss}", "slug", grade->assignment);
    if (mark_broken(grade)) {
        json_object_set_new(
            object, "error",
            json_pack("{ss so s[] s{}}", "type", "NotGraded", "value",
                      json_sprintf("%s %s", said_headline(scratch, grade), grade->reason),
                      "traceback", "data"));
    } else {
        json_t *results = json_array();
        for (size_t i = 0; i < grade->count; i++)
            json_array_append_new(results, result_of(&grade->marks[i], scratch));
        json_object_set_new(object, "results", results);
    }
    json_object_set_new(object, "version", json_string("hazard " HAZARD_VERSION));
    int result = dump_json(out, object, error);
    talloc_free(scratch);
    return result;
}
