/* SPDX-License-Identifier: MIT */
/*
 * Classroom 50's result.json (schemas/result-v1.schema.json, wiki/Advanced-Autograding.md), but for who handed in what, which
 * only its runner knows: autograder.py of the adapter adds that from the environment. Points are whole and never negative, so what
 * a check deducts shows in the sum alone.
 *
 * Not graded: {"error": ...}. autograder.py then exits with 1, for which the runner writes a result of its own: 0 of 0, an error.
 */
#include <jansson.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

static json_t *test_of(const struct mark *mark, void *scratch) {
    int points = mark->points > 0 ? mark->points : 0;
    return json_pack("{so sb si si ss ss ss}", "test-name",
                     json_sprintf("%s: %s", mark->name, mark->title), "passed",
                     mark->state == MARK_PASSED, "score", points < mark->most ? points : mark->most,
                     "max-score", mark->most, "state", mark_state_name(mark->state), "message",
                     said_sentence(mark), "output", said_mark(scratch, mark));
}

int format_classroom50(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    json_t *object;
    if (mark_broken(grade)) {
        object = json_pack("{so}", "error",
                           json_sprintf("%s %s", said_headline(scratch, grade), grade->reason));
    } else {
        json_t *tests = json_array();
        for (size_t i = 0; i < grade->count; i++)
            json_array_append_new(tests, test_of(&grade->marks[i], scratch));
        object = json_pack("{si si so}", "score", grade->points, "max-score", grade->most, "tests",
                           tests);
    }
    int result = dump_json(out, object, error);
    talloc_free(scratch);
    return result;
}
