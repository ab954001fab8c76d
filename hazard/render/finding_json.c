/* SPDX-License-Identifier: MIT */
#include "hazard/render/finding_json.h"

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/render/shown.h"

static json_t *text(const char *words) {
    void *scratch = talloc_new(NULL);
    json_t *string = json_string(clean_line(scratch, words));
    talloc_free(scratch);
    return string;
}

static json_t *path_text(const char *root, const char *file) {
    if (file == NULL)
        return json_null();
    void *scratch = talloc_new(NULL);
    json_t *string = json_string(shown_path(scratch, root, file));
    talloc_free(scratch);
    return string;
}

static json_t *location_json(const struct location *location, const struct sources *sources,
                             const char *root) {
    static const struct frame nowhere = {.function = "?"};
    const struct frame *frame = shown_frame(location, sources);
    if (frame == NULL)
        frame = &nowhere;
    json_t *object = json_object();
    json_object_set_new(object, "file", path_text(root, frame->file));
    json_object_set_new(object, "line", json_integer(frame->line));
    json_object_set_new(object, "function", text(frame->function));
    json_object_set_new(object, "actor", text(location->actor));
    json_object_set_new(object, "doing", text(location->doing));
    return object;
}

static json_t *further_json(const struct finding *finding, const char *root) {
    json_t *places = json_array();
    for (size_t i = 0; i < finding->further_count; i++) {
        const struct frame *frame = &finding->further[i];
        json_array_append_new(places,
                              json_pack("{so si so}", "file", path_text(root, frame->file), "line",
                                        frame->line, "function", text(frame->function)));
    }
    return places;
}

json_t *finding_json(const struct finding *finding, const struct sources *sources,
                     const char *root) {
    json_t *object = json_object(), *guilty = json_array(), *context = json_array();
    for (size_t i = 0; i < finding->location_count; i++) {
        const struct location *location = &finding->locations[i];
        json_array_append_new(location->context ? context : guilty,
                              location_json(location, sources, root));
    }
    json_object_set_new(object, "kind", text(kind_name(finding->kind)));
    json_object_set_new(object, "message", text(finding->message));
    json_object_set_new(object, "locations", guilty);
    json_object_set_new(object, "context", context);
    if (finding->further_count > 0)
        json_object_set_new(object, "further", further_json(finding, root));
    if (finding->doubt != NULL)
        json_object_set_new(object, "doubt", text(finding->doubt));
    if (finding->refuted)
        json_object_set_new(object, "refuted", json_true());
    return object;
}
