/* SPDX-License-Identifier: MIT */
/*
 * Autolab (docs/features/formatted-feedback.md; app/helpers/assessment_autograde_core.rb): what `make` prints is shown to the
 * student; its last line has the points of each problem, the one before it the table of "semantic" feedback.
 *
 * Before it is read, the last line goes through a substitution that breaks any string with a letter or digit before a colon: only
 * names of checks stand in it. A score of null is a problem not graded; any error, and no scores at all, would be 0 points.
 */
#include <jansson.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

/* The problem that makes the sum right where `points` is not the sum of the checks', and the only one where there are none. */
#define ADJUSTMENT "adjustment"

static json_t *scores(const struct grade *grade) {
    json_t *object = json_object();
    bool given = !mark_broken(grade);
    int sum = 0;
    for (size_t i = 0; i < grade->count; i++) {
        const struct mark *mark = &grade->marks[i];
        json_object_set_new(object, mark->name, given ? json_integer(mark->points) : json_null());
        sum += mark->points;
    }
    if (given && sum != grade->points)
        json_object_set_new(object, ADJUSTMENT, json_integer(grade->points - sum));
    if (json_object_size(object) == 0)
        json_object_set_new(object, ADJUSTMENT, given ? json_integer(0) : json_null());
    return json_pack("{so}", "scores", object);
}

/* Keys that begin with '_' are commands, and titles may be the same: the name comes first. */
static json_t *table(const struct grade *grade, void *scratch) {
    json_t *checks = json_object();
    for (size_t i = 0; i < grade->count; i++) {
        const struct mark *mark = &grade->marks[i];
        json_t *one = json_pack("{sb}", "passed", mark->state == MARK_PASSED);
        if (mark->state != MARK_PASSED)
            json_object_set_new(
                one, "hint",
                json_sprintf("%s: %s", mark_state_name(mark->state), said_sentence(mark)));
        json_object_set_new(checks, talloc_asprintf(scratch, "%s: %s", mark->name, mark->title),
                            one);
    }
    return json_pack("{ss s[s] so}", "_presentation", "semantic", "stages", "Checks", "Checks",
                     checks);
}

static json_t *not_graded(const struct grade *grade, void *scratch) {
    return json_pack("{ss s[s] s{ss ss}}", "_presentation", "semantic", "stages", "Not graded",
                     "Not graded", "What", said_headline(scratch, grade), "Why", grade->reason);
}

int format_autolab(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    json_t *semantic = mark_broken(grade) ? not_graded(grade, scratch) : table(grade, scratch);
    int result = format_text(out, grade, error);
    result |= dump_json_line(out, semantic, error);
    result |= dump_json_line(out, scores(grade), error);
    talloc_free(scratch);
    return result;
}
