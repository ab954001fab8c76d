/* SPDX-License-Identifier: MIT */
/*
 * Common Test Report Format (ctrf-io/ctrf, schema/ctrf.schema.json). It demands times: they are 0. What is not decided is "other",
 * and so is the one test that stands for what was not graded.
 */
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

static const char *status(enum mark_state state) {
    static const char *const names[MARK_STATES] = {
        [MARK_PASSED] = "passed",   [MARK_PARTIAL] = "failed",  [MARK_FAILED] = "failed",
        [MARK_UNDECIDED] = "other", [MARK_SKIPPED] = "skipped", [MARK_BROKEN] = "other"};
    return names[state];
}

static json_t *test_of(const struct grade *grade, const struct mark *mark, void *scratch) {
    json_t *test = json_pack(
        "{so ss ss si s[s] ss s{si si}}", "name", json_sprintf("%s: %s", mark->name, mark->title),
        "status", status(mark->state), "rawStatus", mark_state_name(mark->state), "duration", 0,
        "suite", grade->assignment, "message", said_sentence(mark), "extra", "points", mark->points,
        "most", mark->most);
    if (mark->state == MARK_PASSED || mark->hidden)
        return test;
    json_object_set_new(test, "trace", json_string(said_mark(scratch, mark)));
    if (mark->place_count > 0) {
        json_object_set_new(test, "filePath", json_string(mark->places[0].file));
        json_object_set_new(test, "line", json_integer(mark->places[0].line));
    }
    return test;
}

static json_t *not_graded(const struct grade *grade, void *scratch) {
    return json_pack("[{ss ss ss si ss ss}]", "name", "grading", "status", "other", "rawStatus",
                     "broken", "duration", 0, "message", grade->reason, "trace",
                     said_headline(scratch, grade));
}

static json_t *tests(const struct grade *grade, void *scratch) {
    if (mark_broken(grade))
        return not_graded(grade, scratch);
    json_t *array = json_array();
    for (size_t i = 0; i < grade->count; i++)
        json_array_append_new(array, test_of(grade, &grade->marks[i], scratch));
    return array;
}

static int with_status(const json_t *tests, const char *status) {
    int count = 0;
    for (size_t i = 0; i < json_array_size(tests); i++)
        count += strcmp(json_string_value(json_object_get(json_array_get(tests, i), "status")),
                        status) == 0;
    return count;
}

static json_t *summary(const struct grade *grade, const json_t *tests) {
    json_t *object =
        json_pack("{si si si si si si si si}", "tests", (int)json_array_size(tests), "passed",
                  with_status(tests, "passed"), "failed", with_status(tests, "failed"), "skipped",
                  with_status(tests, "skipped"), "pending", 0, "other", with_status(tests, "other"),
                  "start", 0, "stop", 0);
    if (!mark_broken(grade))
        json_object_set_new(object, "extra",
                            json_pack("{si si}", "points", grade->points, "most", grade->most));
    return object;
}

int format_ctrf(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    json_t *all = tests(grade, scratch);
    json_t *object =
        json_pack("{ss ss ss s{s{ss ss} so so}}", "reportFormat", "CTRF", "specVersion", "0.0.0",
                  "generatedBy", "hazard grade", "results", "tool", "name", "hazard", "version",
                  HAZARD_VERSION, "summary", summary(grade, all), "tests", all);
    int result = dump_json(out, object, error);
    talloc_free(scratch);
    return result;
}
