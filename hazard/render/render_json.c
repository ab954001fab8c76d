/* SPDX-License-Identifier: MIT */
/*
 * What programs read. Keys come in the order in which they are set here (jansson keeps it), and
 * every text is cleaned first: jansson takes no invalid UTF-8.
 */
#include "hazard/render/render_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/clean.h"
#include "base/file_replace.h"
#include "base/memory.h"
#include "hazard/render/finding_json.h"
#include "hazard/render/group.h"
#include "hazard/render/render_json_hazard.h"
#include "hazard/render/render_versions.h"

static json_t *text(const char *words) {
    void *scratch = talloc_new(NULL);
    json_t *string = json_string(clean_line(scratch, words));
    talloc_free(scratch);
    return string;
}

static json_t *findings_json(const struct suite_report *report,
                             const struct program_report *program,
                             const struct findings *findings) {
    json_t *array = json_array();
    for (size_t i = 0; i < findings->count; i++)
        json_array_append_new(array,
                              finding_json(&findings->items[i], &program->sources, report->root));
    return array;
}

/* What both forms say beside their own keys. */
static void add_extras(json_t *object, const struct cell *cell) {
    if (cell->result.count > 0)
        json_object_set_new(object, "executions", json_integer(cell->result.count));
    json_object_set_new(object, "detail", text(cell->result.detail));
    json_object_set_new(object, "program_failed", json_boolean(cell->result.program_failed));
    if (cell->failure != NULL)
        json_object_set_new(object, "failure", text(cell->failure));
    if (cell->expected != NULL && *cell->expected->reason != '\0')
        json_object_set_new(object, "reason", text(cell->expected->reason));
}

json_t *render_json_program(const struct suite_report *report,
                            const struct program_report *program) {
    json_t *object = json_object(), *results = json_array();
    for (size_t i = 0; i < program->cell_count; i++) {
        const struct result *result = &program->cells[i].result;
        if (result->runs == 0)
            continue;
        json_t *one = json_object();
        json_object_set_new(one, "detector", text(result->detector));
        json_object_set_new(one, "verdict", text(verdict_name(result->verdict)));
        json_object_set_new(one, "runs", json_integer(result->runs));
        json_object_set_new(one, "hits", json_integer(result->hits));
        json_object_set_new(one, "findings", findings_json(report, program, &result->findings));
        add_extras(one, &program->cells[i]);
        json_array_append_new(results, one);
    }
    json_object_set_new(object, "program", text(program->program));
    json_object_set_new(object, "results", results);
    return object;
}

static json_t *expected_json(const struct expectation *expected) {
    return expected != NULL ? text(verdict_name(expected->verdict)) : json_null();
}

static json_t *matrix_result(const struct cell *cell) {
    json_t *object = json_object();
    json_object_set_new(object, "detector", text(cell->result.detector));
    json_object_set_new(object, "expected", expected_json(cell->expected));
    if (cell->expected != NULL && cell->expected->alternative >= 0)
        json_object_set_new(object, "or",
                            text(verdict_name((enum verdict)cell->expected->alternative)));
    if (cell->expected != NULL && cell->expected->where != NULL)
        json_object_set_new(object, "where", render_json_where(cell->expected->where));
    json_object_set_new(object, "verdict", text(verdict_name(cell->result.verdict)));
    json_object_set_new(object, "hits", json_integer(cell->result.hits));
    json_object_set_new(object, "runs", json_integer(cell->result.runs));
    add_extras(object, cell);
    return object;
}

static json_t *matrix_program(const struct program_report *program) {
    json_t *object = json_object(), *results = json_array();
    for (size_t i = 0; i < program->cell_count; i++)
        if (program->cells[i].result.runs > 0)
            json_array_append_new(results, matrix_result(&program->cells[i]));
    json_object_set_new(object, "path", text(program->program));
    json_object_set_new(object, "role", text(catalog_role_name(program->in_suite->role)));
    json_object_set_new(object, "results", results);
    return object;
}

static json_t *matrix_hazard(const struct suite_report *report, size_t first, size_t end) {
    const struct hazard *hazard = report->programs[first].hazard;
    json_t *object = json_object(), *programs = json_array();
    for (size_t i = first; i < end; i++)
        json_array_append_new(programs, matrix_program(&report->programs[i]));
    json_object_set_new(object, "name", text(hazard->name));
    json_object_set_new(object, "family", text(catalog_family_name(hazard->family)));
    json_object_set_new(object, "programs", programs);
    return object;
}

json_t *render_json_check(const struct suite_report *report) {
    json_t *object = json_object(), *programs = json_array(),
           *versions = render_versions_json(report);
    for (size_t i = 0; i < report->count; i++)
        json_array_append_new(programs, render_json_program(report, &report->programs[i]));
    json_object_set_new(object, "programs", programs);
    if (json_object_size(versions) > 0)
        json_object_set(object, "versions", versions);
    json_decref(versions);
    return object;
}

/* A matrix is of the suite; programs of the user's own have no place in it. */
json_t *render_json_matrix(const struct suite_report *report) {
    json_t *object = json_object(), *hazards = json_array();
    for (size_t i = 0, end; i < report->count; i = end) {
        end = group_end(report, i);
        if (report->programs[i].hazard != NULL)
            json_array_append_new(hazards, matrix_hazard(report, i, end));
    }
    json_object_set_new(object, "hazards", hazards);
    json_object_set_new(object, "versions", render_versions_json(report));
    json_object_set_new(object, "mismatches", json_integer(report->mismatches));
    return object;
}

int render_json_file(const char *path, json_t *value, struct error *error) {
    char *dump = json_dumps(value, JSON_INDENT(2));
    if (dump == NULL)
        return fail(error, "cannot write %s: the result is no valid JSON", path);
    char *whole = never_null(talloc_asprintf(NULL, "%s\n", dump));
    int result = file_replace(path, whole, strlen(whole), error);
    talloc_free(whole);
    free(dump);
    return result;
}
