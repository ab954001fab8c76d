/* SPDX-License-Identifier: MIT */
/*
 * Submitty's validation_results.json of a custom validator (grading/dispatch.cpp, custom_doit): a score in 0 to 1 of the test case's
 * points, and messages. Not graded: status "fail", an error of the autograder. Submitty knows nothing better, and counts it 0 until the
 * hand-in is graded again: the adapter tries three times first.
 */
#include <jansson.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

static const char *status(enum mark_state state) {
    static const char *const names[MARK_STATES] = {
        [MARK_PASSED] = "success",    [MARK_PARTIAL] = "failure",     [MARK_FAILED] = "failure",
        [MARK_UNDECIDED] = "warning", [MARK_SKIPPED] = "information", [MARK_BROKEN] = "warning"};
    return names[state];
}

static json_t *message_of(const struct mark *mark, void *scratch) {
    return json_pack("{so ss}", "message",
                     json_sprintf("%s: %s, %s\n%s", mark->title, mark_state_name(mark->state),
                                  said_points(scratch, mark->points, mark->most),
                                  said_mark(scratch, mark)),
                     "status", status(mark->state));
}

static json_t *messages(const struct grade *grade, void *scratch) {
    const char *whole = said_whole(scratch, grade);
    json_t *array = json_pack(
        "[{so ss}]", "message",
        json_sprintf("%s%s%s", said_headline(scratch, grade), *whole != '\0' ? "\n" : "", whole),
        "status", "information");
    for (size_t i = 0; i < grade->count; i++)
        json_array_append_new(array, message_of(&grade->marks[i], scratch));
    return array;
}

int format_submitty(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    json_t *object;
    if (mark_broken(grade))
        object = json_pack("{ss so}", "status", "fail", "message",
                           json_sprintf("%s %s", said_headline(scratch, grade), grade->reason));
    else
        object = json_pack("{ss s{sf ss so}}", "status", "success", "data", "score",
                           said_score(grade), "status", said_full(grade) ? "success" : "failure",
                           "message", messages(grade, scratch));
    int result = dump_json(out, object, error);
    talloc_free(scratch);
    return result;
}
