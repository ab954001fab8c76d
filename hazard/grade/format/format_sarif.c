/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0 for code scanning, in the form of hazard/render/render_sarif.c. A result for each failed check that has lines of the
 * hand-in, at the first of them; what has none, is hidden or undecided is a notification. Not graded: executionSuccessful is
 * false.
 */
#include <jansson.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/grade/format/dump.h"
#include "hazard/grade/format/formats.h"
#include "hazard/grade/format/said.h"
#include "hazard/render/sarif_place.h"
#include "report/kind.h"

/* A refused hand-in, too, is one. */
struct sarif_result {
    const char *rule, *title, *remedy; /* remedy: what mends it */
    const char *sentence;
    const struct mark_place *places;
    size_t place_count;
};

static bool has_result(const struct mark *mark) {
    return (mark->state == MARK_FAILED || mark->state == MARK_PARTIAL) && !mark->hidden &&
           mark->place_count > 0;
}

static struct sarif_result of_mark(const struct mark *mark) {
    int kind = mark->kind != NULL ? kind_from_name(mark->kind) : -1;
    const char *hint = *mark->hint != '\0' ? mark->hint : "See what the check says.";
    return (struct sarif_result){
        .rule = kind >= 0 ? mark->kind : mark->name,
        .title = kind >= 0 ? kind_title((enum kind)kind) : mark->title,
        .remedy = kind >= 0 ? kind_remedy((enum kind)kind) : hint,
        .sentence = mark->sentence,
        .places = mark->places,
        .place_count = mark->place_count,
    };
}

static struct sarif_result of_whole(const struct grade *grade) {
    return (struct sarif_result){
        .rule = "refused",
        .title = "The hand-in was refused before any check.",
        .remedy = "Mend the line that is named: it must compile, and must not hide from detectors.",
        .sentence = grade->reason,
        .places = grade->places,
        .place_count = grade->place_count,
    };
}

/* Code hosts ask for the long description and for help. */
static void add_rule(json_t *rules, const struct sarif_result *what) {
    size_t i;
    json_t *rule;
    json_array_foreach(rules, i, rule) {
        if (strcmp(json_string_value(json_object_get(rule, "id")), what->rule) == 0)
            return;
    }
    void *scratch = new_owner();
    const char *whole = talloc_asprintf(scratch, "%s %s", what->title, what->remedy);
    json_array_append_new(rules,
                          json_pack("{ss so so so}", "id", what->rule, "shortDescription",
                                    sarif_message(what->title), "fullDescription",
                                    sarif_message(whole), "help", sarif_message(what->remedy)));
    talloc_free(scratch);
}

static json_t *location(const struct mark_place *place) {
    json_t *object = sarif_line_location(place->file, place->line);
    json_object_set_new(object, "message", sarif_message(place->text));
    return object;
}

/* FNV-1a, 64 bits, of what stays when lines move. */
static json_t *fingerprint(const struct sarif_result *what) {
    const char *const parts[] = {what->rule, what->places[0].file, what->places[0].text};
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (const char *at = parts[i];; at++) {
            hash = (hash ^ (unsigned char)*at) * 0x100000001b3U;
            if (*at == '\0')
                break;
        }
    return json_sprintf("%016llx", (unsigned long long)hash);
}

static void add_result(json_t *results, json_t *rules, const struct sarif_result *what) {
    json_t *related = json_array();
    for (size_t i = 0; i < what->place_count; i++) {
        json_t *one = location(&what->places[i]);
        json_object_set_new(one, "id", json_integer((json_int_t)i + 1));
        json_array_append_new(related, one);
    }
    add_rule(rules, what);
    json_array_append_new(results,
                          json_pack("{ss ss so s[o] so s{so}}", "ruleId", what->rule, "level",
                                    "error", "message", sarif_message(what->sentence), "locations",
                                    location(&what->places[0]), "relatedLocations", related,
                                    "partialFingerprints", "hazardFinding/v1", fingerprint(what)));
}

static void notify(json_t *notes, const char *level, const char *title, const char *sentence) {
    void *scratch = new_owner();
    json_array_append_new(
        notes, json_pack("{ss so}", "level", level, "message",
                         sarif_message(talloc_asprintf(scratch, "%s: %s", title, sentence))));
    talloc_free(scratch);
}

static void add_mark(json_t *results, json_t *rules, json_t *notes, const struct mark *mark) {
    struct sarif_result what = of_mark(mark);
    if (has_result(mark))
        add_result(results, rules, &what);
    else if (mark->state != MARK_PASSED)
        notify(notes,
               mark->state == MARK_FAILED || mark->state == MARK_PARTIAL ? "error" : "warning",
               mark->title, said_sentence(mark));
}

int format_sarif(FILE *out, const struct grade *grade, struct error *error) {
    json_t *results = json_array(), *rules = json_array(), *notes = json_array();
    struct sarif_result whole = of_whole(grade);
    if (mark_broken(grade))
        notify(notes, "error", "not graded", grade->reason);
    else if (grade->end == GRADE_REFUSED && grade->place_count > 0)
        add_result(results, rules, &whole);
    else if (grade->end == GRADE_REFUSED)
        notify(notes, "error", "refused", grade->reason);
    for (size_t i = 0; i < grade->count && grade->end == GRADE_MARKED && !mark_broken(grade); i++)
        add_mark(results, rules, notes, &grade->marks[i]);
    json_t *run =
        json_pack("{s{s{ss ss so}} s[{sb so}] so}", "tool", "driver", "name", "hazard", "version",
                  HAZARD_VERSION, "rules", rules, "invocations", "executionSuccessful",
                  !mark_broken(grade), "toolExecutionNotifications", notes, "results", results);
    return dump_json(out,
                     json_pack("{ss ss s[o]}", "$schema",
                               "https://json.schemastore.org/sarif-2.1.0.json", "version", "2.1.0",
                               "runs", run),
                     error);
}
