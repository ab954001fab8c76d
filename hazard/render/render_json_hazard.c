/* SPDX-License-Identifier: MIT */
#include "hazard/render/render_json_hazard.h"

json_t *render_json_summary(const struct hazard *hazard) {
    return json_pack("{ss ss ss sb si ss sb}", "name", hazard->name, "family",
                     catalog_family_name(hazard->family), "title", hazard->title, "headline",
                     hazard->headline, "cwe", hazard->cwe, "kind", kind_name(hazard->kind),
                     "server", hazard->server);
}

static json_t *words(const char *const *list) {
    json_t *array = json_array();
    for (; *list != NULL; list++)
        json_array_append_new(array, json_string(*list));
    return array;
}

json_t *render_json_where(const struct where *where) {
    json_t *object = json_object();
    for (size_t i = 0; i < VERSIONS_COUNT; i++)
        if (where->ranges[i].text != NULL)
            json_object_set_new(object, versions_name(i), json_string(where->ranges[i].text));
    return object;
}

static json_t *expectation_json(const struct expectation *expected) {
    json_t *object = json_pack("{ss ss ss}", "detector", expected->detector, "verdict",
                               verdict_name(expected->verdict), "kind", kind_name(expected->kind));
    if (expected->alternative >= 0)
        json_object_set_new(object, "or",
                            json_string(verdict_name((enum verdict)expected->alternative)));
    if (expected->count > 0)
        json_object_set_new(object, "executions", json_integer(expected->count));
    if (*expected->reason != '\0')
        json_object_set_new(object, "reason", json_string(expected->reason));
    if (expected->where != NULL)
        json_object_set_new(object, "where", render_json_where(expected->where));
    return object;
}

static json_t *program_json(const struct program *program) {
    json_t *expectations = json_array();
    for (size_t i = 0; i < program->expectation_count; i++)
        for (const struct expectation *row = &program->expectations[i]; row != NULL;
             row = row->otherwise)
            json_array_append_new(expectations, expectation_json(row));
    return json_pack("{ss ss ss so}", "path", program->path, "role",
                     catalog_role_name(program->role), "about", program->about, "expected",
                     expectations);
}

json_t *render_json_hazard(const struct hazard *hazard) {
    json_t *programs = json_array();
    for (size_t i = 0; i < hazard->program_count; i++)
        json_array_append_new(programs, program_json(&hazard->programs[i]));
    json_t *object = render_json_summary(hazard);
    json_object_set_new(object, "story", json_string(hazard->story));
    json_object_set_new(object, "sources", words(hazard->sources));
    json_object_set_new(object, "exercise", json_string(hazard->exercise));
    json_object_set_new(object, "actors", words(hazard->actors));
    json_object_set_new(object, "args", words(hazard->args));
    json_object_set_new(object, "programs", programs);
    return object;
}
