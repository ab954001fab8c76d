/* SPDX-License-Identifier: MIT */
/*
 * Gradescope's results.json (gradescope/autograder_samples, docs/specs.md). The score stands at the top, so that caps and
 * deductions hold. A hidden check is a test with its title and points; what it found is in a second one, without points, that
 * only the teacher sees: it does not hide the total.
 *
 * Not graded: no score and no tests, which Gradescope calls a failure of the autograder. (The adapter's run_autograder then
 * takes the file away, for the same.)
 */
#include <jansson.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

/* A title that begins with "Undecided" says what a test that neither passed nor failed is. */
static json_t *test_of(const struct mark *mark, void *scratch) {
    const char *before = mark->state == MARK_UNDECIDED ? "Undecided: "
                         : mark->state == MARK_SKIPPED ? "Skipped: "
                                                       : "";
    json_t *test =
        json_pack("{so ss si si ss ss}", "name", json_sprintf("%s%s", before, mark->title),
                  "name_format", "text", "score", mark->points, "max_score", mark->most, "output",
                  said_mark(scratch, mark), "output_format", "text");
    if (mark->state != MARK_UNDECIDED)
        json_object_set_new(test, "status",
                            json_string(mark->state == MARK_PASSED ? "passed" : "failed"));
    json_object_set_new(test, "visibility", json_string("visible"));
    return test;
}

static json_t *behind(const struct mark *mark, void *scratch) {
    return json_pack("{so ss ss ss ss}", "name", json_sprintf("For the teacher: %s", mark->title),
                     "name_format", "text", "output", said_mark_openly(scratch, mark),
                     "output_format", "text", "visibility", "hidden");
}

static json_t *tests(const struct grade *grade, void *scratch) {
    json_t *array = json_array();
    for (size_t i = 0; i < grade->count; i++) {
        json_array_append_new(array, test_of(&grade->marks[i], scratch));
        if (grade->marks[i].hidden)
            json_array_append_new(array, behind(&grade->marks[i], scratch));
    }
    return array;
}

int format_gradescope(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    const char *whole = said_whole(scratch, grade);
    json_t *object = json_pack(
        "{so ss ss s{ss}}", "output",
        json_sprintf("%s%s%s", said_headline(scratch, grade), *whole != '\0' ? "\n\n" : "", whole),
        "output_format", "text", "stdout_visibility", "hidden", "extra_data", "sandbox",
        grade->sandbox);
    if (!mark_broken(grade)) {
        json_object_set_new(object, "score", json_integer(grade->points));
        json_object_set_new(object, "tests", tests(grade, scratch));
    }
    int result = dump_json(out, object, error);
    talloc_free(scratch);
    return result;
}
