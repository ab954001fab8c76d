/* SPDX-License-Identifier: MIT */
#include "hazard/grade/grade_json.h"

#include <string.h>

#include "base/memory.h"

#define FORMAT "hazard grade 1"

/* ---- Writing ---------------------------------------------------------------------------------- */

static json_t *points_json(int points, bool given) {
    return given ? json_integer(points) : json_null();
}

static json_t *attachment_json(const struct mark *mark) {
    if (mark->attachment_name == NULL)
        return json_null();
    return json_pack("{ss ss}", "name", mark->attachment_name, "text", mark->attachment);
}

static json_t *places_json(const struct mark_place *places, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_pack("{ss si ss}", "file", places[i].file, "line",
                                               places[i].line, "text", places[i].text));
    return array;
}

static json_t *mark_json(const struct mark *mark, bool given) {
    return json_pack("{ss ss ss ss so si sb ss ss ss ss ss? so so}", "name", mark->name, "title",
                     mark->title, "with", mark->with, "state", mark_state_name(mark->state),
                     "points", points_json(mark->points, given), "most", mark->most, "hidden",
                     mark->hidden, "sentence", mark->sentence, "details", mark->details, "hint",
                     mark->hint, "replay", mark->replay, "kind", mark->kind, "attachment",
                     attachment_json(mark), "places", places_json(mark->places, mark->place_count));
}

json_t *grade_json(const struct grade *grade) {
    bool given = !mark_broken(grade);
    json_t *marks = json_array();
    for (size_t i = 0; i < grade->count; i++)
        json_array_append_new(marks, mark_json(&grade->marks[i], given));
    enum grade_end end = given ? grade->end : GRADE_BROKEN;
    return json_pack("{ss ss ss ss ss ss ss so so si sb ss so ss}", "format", FORMAT, "assignment",
                     grade->assignment, "title", grade->title, "handin", grade->handin, "end",
                     mark_end_name(end), "reason", grade->reason, "details", grade->details,
                     "places", places_json(grade->places, grade->place_count), "points",
                     points_json(grade->points, given), "most", grade->most, "undecided",
                     mark_undecided(grade), "note", grade->note, "marks", marks, "sandbox",
                     grade->sandbox);
}

/* ---- Reading ---------------------------------------------------------------------------------- */

static const char *kept_text(void *owner, const char *text) {
    return text == NULL ? NULL : never_null(talloc_strdup(owner, text));
}

static bool read_places(void *owner, const json_t *array, struct mark_place **places,
                        size_t *count) {
    json_t *item;
    size_t i;
    *places = new_array(owner, struct mark_place, json_array_size(array));
    json_array_foreach(array, i, item) {
        const char *file, *text;
        struct mark_place *place = &(*places)[i];
        if (json_unpack(item, "{ss si ss !}", "file", &file, "line", &place->line, "text", &text) !=
            0)
            return false;
        place->file = kept_text(owner, file);
        place->text = kept_text(owner, text);
    }
    *count = json_array_size(array);
    return json_is_array(array);
}

static bool read_state(const char *word, enum mark_state *state) {
    for (*state = 0; *state < MARK_STATES; (*state)++)
        if (strcmp(mark_state_name(*state), word) == 0)
            return true;
    return false;
}

static bool read_end(const char *word, enum grade_end *end) {
    for (*end = GRADE_MARKED; *end <= GRADE_BROKEN; (*end)++)
        if (strcmp(mark_end_name(*end), word) == 0)
            return true;
    return false;
}

static bool read_points(const json_t *value, int *points) {
    *points = (int)json_integer_value(value);
    return json_is_integer(value) || json_is_null(value);
}

static bool read_attachment(void *owner, json_t *value, struct mark *mark) {
    if (json_is_null(value))
        return true;
    const char *name, *text;
    if (json_unpack(value, "{ss ss !}", "name", &name, "text", &text) != 0)
        return false;
    mark->attachment_name = kept_text(owner, name);
    mark->attachment = kept_text(owner, text);
    return true;
}

/* Its texts are the JSON's still. */
static void keep_mark(void *owner, struct mark *mark) {
    const char **texts[] = {&mark->name,    &mark->title, &mark->with,   &mark->sentence,
                            &mark->details, &mark->hint,  &mark->replay, &mark->kind};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = kept_text(owner, *texts[i]);
}

static bool read_mark(void *owner, json_t *value, struct mark *mark) {
    const char *state;
    json_t *points, *kind, *attachment, *places;
    int hidden;
    if (json_unpack(value, "{ss ss ss ss so si sb ss ss ss ss so so so !}", "name", &mark->name,
                    "title", &mark->title, "with", &mark->with, "state", &state, "points", &points,
                    "most", &mark->most, "hidden", &hidden, "sentence", &mark->sentence, "details",
                    &mark->details, "hint", &mark->hint, "replay", &mark->replay, "kind", &kind,
                    "attachment", &attachment, "places", &places) != 0)
        return false;
    mark->hidden = hidden;
    mark->kind = json_string_value(kind);
    keep_mark(owner, mark);
    return (json_is_string(kind) || json_is_null(kind)) && read_state(state, &mark->state) &&
           read_points(points, &mark->points) && read_attachment(owner, attachment, mark) &&
           read_places(owner, places, &mark->places, &mark->place_count);
}

static bool read_marks(void *owner, const json_t *array, struct grade *grade) {
    json_t *item;
    size_t i;
    grade->marks = new_array(owner, struct mark, json_array_size(array));
    grade->count = json_array_size(array);
    json_array_foreach(array, i, item) if (!read_mark(owner, item, &grade->marks[i])) return false;
    return json_is_array(array);
}

static void keep_grade(void *owner, struct grade *grade) {
    const char **texts[] = {&grade->assignment, &grade->title, &grade->handin, &grade->reason,
                            &grade->details,    &grade->note,  &grade->sandbox};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = kept_text(owner, *texts[i]);
}

bool grade_json_read(void *owner, json_t *value, struct grade *grade) {
    const char *format, *end;
    json_t *points, *places, *marks;
    int undecided;
    *grade = (struct grade){0};
    if (json_unpack(value, "{ss ss ss ss ss ss ss so so si sb ss so ss !}", "format", &format,
                    "assignment", &grade->assignment, "title", &grade->title, "handin",
                    &grade->handin, "end", &end, "reason", &grade->reason, "details",
                    &grade->details, "places", &places, "points", &points, "most", &grade->most,
                    "undecided", &undecided, "note", &grade->note, "marks", &marks, "sandbox",
                    &grade->sandbox) != 0 ||
        strcmp(format, FORMAT) != 0)
        return false;
    keep_grade(owner, grade);
    return read_end(end, &grade->end) && read_points(points, &grade->points) &&
           read_places(owner, places, &grade->places, &grade->place_count) &&
           read_marks(owner, marks, grade);
}
