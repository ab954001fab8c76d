/* SPDX-License-Identifier: MIT */
/*
 * What a judge of Dodona prints (dodona-edu/dodona, public/schemas/judge_output.json): accepted or not, a tab with a context for
 * each check, and notes at lines, counted from 0. Of hidden checks only staff see what was found. Not graded: status
 * "internal error".
 */
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"

static json_t *message(const char *format, const char *text, const char *permission) {
    return json_pack("{ss ss ss}", "format", format, "description", text, "permission", permission);
}

static json_t *context_of(const struct mark *mark, void *scratch) {
    bool accepted = mark->state == MARK_PASSED;
    json_t *messages = json_array();
    if (mark->hidden || !accepted)
        json_array_append_new(messages, message("code", said_mark_openly(scratch, mark),
                                                mark->hidden ? "staff" : "student"));
    const char *title =
        talloc_asprintf(scratch, "%s: %s, %s", mark->title, mark_state_name(mark->state),
                        said_points(scratch, mark->points, mark->most));
    return json_pack("{sb so s[{sb so so}]}", "accepted", accepted, "description",
                     message("plain", title, "student"), "groups", "accepted", accepted,
                     "description", message("plain", said_sentence(mark), "student"), "messages",
                     messages);
}

static json_t *tab(const struct grade *grade, void *scratch) {
    json_t *contexts = json_array();
    int bad = 0;
    for (size_t i = 0; i < grade->count; i++) {
        json_array_append_new(contexts, context_of(&grade->marks[i], scratch));
        bad += grade->marks[i].state != MARK_PASSED;
    }
    return json_pack("{ss si so}", "description", "Checks", "badgeCount", bad, "groups", contexts);
}

static void annotate(json_t *notes, const struct mark_place *places, size_t count, const char *what,
                     const char *type) {
    for (size_t i = 0; i < count; i++)
        if (places[i].line > 0)
            json_array_append_new(notes, json_pack("{si so ss}", "row", places[i].line - 1, "text",
                                                   json_sprintf("%s: %s", what, places[i].text),
                                                   "type", type));
}

static json_t *annotations(const struct grade *grade) {
    json_t *notes = json_array();
    annotate(notes, grade->places, grade->place_count, "refused", "error");
    for (size_t i = 0; i < grade->count; i++) {
        const struct mark *mark = &grade->marks[i];
        if (!mark->hidden && mark->state != MARK_PASSED)
            annotate(notes, mark->places, mark->place_count, mark->title,
                     mark->state == MARK_UNDECIDED ? "warning" : "error");
    }
    return notes;
}

static const char *status(const struct grade *grade) {
    if (mark_broken(grade))
        return "internal error";
    if (grade->end == GRADE_REFUSED)
        return "compilation error";
    return said_full(grade) ? "correct" : "wrong";
}

int format_dodona(FILE *out, const struct grade *grade, struct error *error) {
    void *scratch = new_owner();
    const char *whole = said_whole(scratch, grade);
    bool broken = mark_broken(grade);
    json_t *messages = json_array();
    json_array_append_new(messages, message("plain", said_headline(scratch, grade), "student"));
    if (*whole != '\0')
        json_array_append_new(messages, message("code", whole, "student"));
    json_t *object = json_pack(
        "{sb ss so so}", "accepted", said_full(grade), "status", status(grade), "description",
        broken ? json_string("not graded")
               : json_string(said_points(scratch, grade->points, grade->most)),
        "messages", messages);
    if (!broken) {
        json_object_set_new(object, "annotations", annotations(grade));
        json_object_set_new(object, "groups", json_pack("[o]", tab(grade, scratch)));
    }
    int result = dump_json(out, object, error);
    talloc_free(scratch);
    return result;
}
