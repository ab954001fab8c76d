/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0 (OASIS), for code hosts. One run of the tool "hazard"; a rule for each kind that
 * occurs, a result for each finding. What the suite expects of its buggy programs is a "note", what
 * was refuted a suppressed one, what is doubtful a "warning", all else an "error". A verdict that
 * differs or that has nothing to show (the program never ended) is no finding, and is told as a
 * notification, so that an empty result list is not taken for a pass.
 */
#include "hazard/render/render_sarif.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/render/cell.h"
#include "hazard/render/finding.h"
#include "hazard/render/render_json.h"
#include "hazard/render/sarif_place.h"
#include "hazard/render/shown.h"

static bool kind_occurs(const struct program_report *program, enum kind kind) {
    for (size_t i = 0; i < program->cell_count; i++) {
        const struct findings *findings = &program->cells[i].result.findings;
        for (size_t j = 0; j < findings->count; j++)
            if (findings->items[j].kind == kind)
                return true;
    }
    return false;
}

static bool has_text(const json_t *array, const char *text) {
    for (size_t i = 0; i < json_array_size(array); i++)
        if (strcmp(json_string_value(json_array_get(array, i)), text) == 0)
            return true;
    return false;
}

/* "external/cwe/cwe-362" is how code hosts read a rule's CWE; the
 * hazards that show the kind know it. */
static json_t *rule_tags(const struct suite_report *report, enum kind kind) {
    json_t *tags = json_pack("[s]", "concurrency");
    for (size_t i = 0; i < report->count; i++) {
        const struct program_report *program = &report->programs[i];
        char tag[48] = "";
        if (program->hazard == NULL || !kind_occurs(program, kind))
            continue;
        snprintf(tag, sizeof tag, "external/cwe/cwe-%03d", program->hazard->cwe);
        if (!has_text(tags, tag))
            json_array_append_new(tags, json_string(tag));
    }
    return tags;
}

/* Code hosts ask for the long description and for help; both are what we know of a kind. */
static json_t *rule(const struct suite_report *report, enum kind kind) {
    void *scratch = talloc_new(NULL);
    const char *title = kind_title(kind), *remedy = kind_remedy(kind);
    const char *whole = never_null(talloc_asprintf(scratch, "%s %s", title, remedy));
    json_t *object =
        json_pack("{ss so so so s{so}}", "id", kind_name(kind), "shortDescription",
                  sarif_message(title), "fullDescription", sarif_message(whole), "help",
                  sarif_message(remedy), "properties", "tags", rule_tags(report, kind));
    talloc_free(scratch);
    return object;
}

static json_t *rules(const struct suite_report *report) {
    json_t *array = json_array();
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        bool occurs = false;
        for (size_t i = 0; i < report->count && !occurs; i++)
            occurs = kind_occurs(&report->programs[i], (enum kind)kind);
        if (occurs)
            json_array_append_new(array, rule(report, (enum kind)kind));
    }
    return array;
}

static const char *level(const struct cell *cell, const struct finding *finding) {
    if ((cell->expected != NULL && !cell->mismatch) || finding->refuted)
        return "note";
    return finding->doubt != NULL ? "warning" : "error";
}

/* The first guilty location is the result's; without any, the program's first file. */
static json_t *primary(const struct suite_report *report, const struct program_report *program,
                       const struct finding *finding) {
    for (size_t i = 0; i < finding->location_count; i++)
        if (!finding->locations[i].context &&
            shown_frame(&finding->locations[i], &program->sources) != NULL)
            return json_pack(
                "[o]", sarif_location(&finding->locations[i], &program->sources, report->root));
    if (program->sources.count == 0)
        return json_array();
    return json_pack("[o]", sarif_file_location(report->root, program->sources.paths[0]));
}

/* All locations, the primary one included: a reader of these alone sees the whole finding. */
static json_t *related(const struct suite_report *report, const struct program_report *program,
                       const struct finding *finding) {
    json_t *array = json_array();
    for (size_t i = 0; i < finding->location_count; i++) {
        json_t *one = sarif_location(&finding->locations[i], &program->sources, report->root);
        json_object_set_new(one, "id", json_integer((json_int_t)i + 1));
        json_array_append_new(array, one);
    }
    for (size_t i = 0; i < finding->further_count; i++) {
        const struct location again = {.actor = "the same again",
                                       .doing = "",
                                       .frames = &finding->further[i],
                                       .frame_count = 1};
        json_t *one = sarif_location(&again, &program->sources, report->root);
        json_object_set_new(one, "id", json_integer((json_int_t)(finding->location_count + i) + 1));
        json_array_append_new(array, one);
    }
    return array;
}

/* With the lines where a tool has reported the same again. */
static json_t *message(const struct finding *finding) {
    void *scratch = talloc_new(NULL);
    const char *further = finding_further(scratch, finding);
    json_t *object = sarif_message(
        further != NULL ? never_null(talloc_asprintf(scratch, "%s; %s", finding->message, further))
                        : finding->message);
    talloc_free(scratch);
    return object;
}

static json_t *result_properties(const struct program_report *program, const struct cell *cell) {
    json_t *object =
        json_pack("{so ss ss}", "program", sarif_text(program->program), "detector",
                  cell->result.detector, "verdict", verdict_name(cell->result.verdict));
    if (program->hazard != NULL) {
        json_object_set_new(object, "hazard", sarif_text(program->hazard->name));
        json_object_set_new(object, "cwe", json_sprintf("CWE-%d", program->hazard->cwe));
    }
    return object;
}

static json_t *result(const struct suite_report *report, const struct program_report *program,
                      const struct cell *cell, const struct finding *finding) {
    const struct sources *sources = &program->sources;
    json_t *fingerprint =
        sarif_fingerprint(finding, program->program, cell->result.detector, sources, report->root);
    json_t *object = json_pack("{ss ss so so so}", "ruleId", kind_name(finding->kind), "level",
                               level(cell, finding), "message", message(finding), "locations",
                               primary(report, program, finding), "relatedLocations",
                               related(report, program, finding));
    if (finding->location_count > 0 || finding->schedule_count > 0)
        json_object_set_new(object, "codeFlows",
                            json_pack("[o]", sarif_code_flow(finding, sources, report->root)));
    json_object_set_new(object, "partialFingerprints",
                        json_pack("{so}", "hazardFinding/v1", fingerprint));
    if (finding->refuted)
        json_object_set_new(object, "suppressions",
                            json_pack("[{ss so}]", "kind", "external", "justification",
                                      sarif_text(finding->doubt)));
    json_object_set_new(object, "properties", result_properties(program, cell));
    return object;
}

static json_t *results(const struct suite_report *report) {
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++) {
            const struct cell *cell = &report->programs[i].cells[j];
            for (size_t k = 0; k < cell->result.findings.count; k++)
                json_array_append_new(array, result(report, &report->programs[i], cell,
                                                    &cell->result.findings.items[k]));
        }
    return array;
}

/* "buggy/x.c under drd: silent; exit 1"; nothing where the results tell all there is. */
static void notify(json_t *array, const struct program_report *program, const struct cell *cell) {
    enum cell_fate fate = cell_fate(program, cell);
    if (fate == CELL_PASSED || (cell->result.findings.count > 0 && !cell->mismatch))
        return;
    void *scratch = talloc_new(NULL);
    const char *what =
        cell->mismatch ? cell_difference(scratch, cell) : cell_rate(scratch, &cell->result);
    const char *detail = cell->result.detail, *between = *detail != '\0' ? "; " : "";
    const char *words = talloc_asprintf(scratch, "%s under %s: %s%s%s", program->program,
                                        cell->result.detector, what, between, detail);
    json_array_append_new(array,
                          json_pack("{ss so}", "level", fate == CELL_SKIPPED ? "note" : "error",
                                    "message", sarif_message(words)));
    talloc_free(scratch);
}

static json_t *notifications(const struct suite_report *report) {
    json_t *array = json_array();
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++)
            notify(array, &report->programs[i], &report->programs[i].cells[j]);
    return array;
}

static json_t *sarif_run(const struct suite_report *report) {
    json_t *run = json_pack("{s{s{ss ss so}}}", "tool", "driver", "name", "hazard", "version",
                            HAZARD_VERSION, "rules", rules(report));
    if (report->root != NULL)
        json_object_set_new(run, "originalUriBaseIds",
                            json_pack("{s{so}}", SARIF_ROOT, "uri", sarif_root_uri(report->root)));
    json_object_set_new(run, "invocations",
                        json_pack("[{sb so}]", "executionSuccessful",
                                  !report->partial && report->trouble == NULL,
                                  "toolExecutionNotifications", notifications(report)));
    json_object_set_new(run, "results", results(report));
    return run;
}

int render_sarif_file(const char *path, const struct suite_report *report, struct error *error) {
    json_t *log =
        json_pack("{ss ss s[o]}", "$schema", "https://json.schemastore.org/sarif-2.1.0.json",
                  "version", "2.1.0", "runs", sarif_run(report));
    int written = render_json_file(path, log, error);
    json_decref(log);
    return written;
}
