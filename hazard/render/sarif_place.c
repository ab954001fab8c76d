/* SPDX-License-Identifier: MIT */
/*
 * SARIF's parts of a finding that say where: locations, flows of the actors, and the fingerprint.
 *
 * Files below the root are told relative to %SRCROOT% (the name that code hosts know), others by
 * absolute file:// URIs. Line 0 is no SARIF line, so such a place has no region.
 */
#include "hazard/render/sarif_place.h"

#include <stdint.h>
#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/render/shown.h"

static bool is_plain(unsigned char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || strchr("-._~/", letter) != NULL;
}

/* RFC 3986, section 2.1; every byte that is not surely harmless. */
static char *percent_encoded(void *owner, const char *path) {
    char *uri = new_array(owner, char, 3 * strlen(path) + 1), *end = uri;
    for (; *path != '\0'; path++)
        end += sprintf(end, is_plain((unsigned char)*path) ? "%c" : "%%%02X", (unsigned char)*path);
    return uri;
}

json_t *sarif_text(const char *words) {
    void *scratch = talloc_new(NULL);
    json_t *string = json_string(clean_line(scratch, words));
    talloc_free(scratch);
    return string;
}

json_t *sarif_message(const char *words) {
    return json_pack("{so}", "text", sarif_text(words));
}

json_t *sarif_root_uri(const char *root) {
    void *scratch = talloc_new(NULL);
    json_t *uri = json_sprintf("file://%s/", percent_encoded(scratch, root));
    talloc_free(scratch);
    return uri;
}

static json_t *artifact(const char *root, const char *file) {
    void *scratch = talloc_new(NULL);
    size_t length = root != NULL ? strlen(root) : 0;
    json_t *object = json_object();
    if (length > 0 && strncmp(file, root, length) == 0 && file[length] == '/') {
        json_object_set_new(object, "uri",
                            json_string(percent_encoded(scratch, file + length + 1)));
        json_object_set_new(object, "uriBaseId", json_string(SARIF_ROOT));
    } else {
        json_object_set_new(
            object, "uri",
            json_sprintf("%s%s", *file == '/' ? "file://" : "", percent_encoded(scratch, file)));
    }
    talloc_free(scratch);
    return object;
}

static json_t *physical(const char *root, const char *file, int line, int column) {
    json_t *object = json_pack("{so}", "artifactLocation", artifact(root, file));
    if (line > 0) {
        json_t *region = json_pack("{si}", "startLine", line);
        if (column > 0)
            json_object_set_new(region, "startColumn", json_integer(column));
        json_object_set_new(object, "region", region);
    }
    return object;
}

json_t *sarif_file_location(const char *root, const char *file) {
    return json_pack("{so}", "physicalLocation", physical(root, file, 1, 0));
}

json_t *sarif_line_location(const char *file, int line) {
    return json_pack("{so}", "physicalLocation", physical(NULL, file, line, 0));
}

/* "thread 2: write of 4 bytes". */
static json_t *location_message(const struct location *location) {
    void *scratch = talloc_new(NULL);
    const char *between = *location->doing != '\0' ? ": " : "";
    json_t *message = sarif_message(
        talloc_asprintf(scratch, "%s%s%s", location->actor, between, location->doing));
    talloc_free(scratch);
    return message;
}

json_t *sarif_location(const struct location *location, const struct sources *sources,
                       const char *root) {
    json_t *object = json_object();
    const struct frame *frame = shown_frame(location, sources);
    if (frame != NULL && frame->file != NULL)
        json_object_set_new(object, "physicalLocation",
                            physical(root, frame->file, frame->line, frame->column));
    if (frame != NULL)
        json_object_set_new(
            object, "logicalLocations",
            json_pack("[{so ss}]", "name", sarif_text(frame->function), "kind", "function"));
    json_object_set_new(object, "message", location_message(location));
    return object;
}

/* The steps of one actor, each with its place in the order of all. */
static json_t *scheduled_flow(const struct finding *finding, const char *actor,
                              const struct sources *sources, const char *root) {
    json_t *steps = json_array();
    for (size_t i = 0; i < finding->schedule_count; i++) {
        const struct location *location = &finding->schedule[i];
        if (strcmp(location->actor, actor) == 0)
            json_array_append_new(
                steps, json_pack("{so sI}", "location", sarif_location(location, sources, root),
                                 "executionOrder",
                                 (json_int_t)finding->schedule_first + (json_int_t)i + 1));
    }
    return json_pack("{so so}", "id", sarif_text(actor), "locations", steps);
}

static json_t *thread_flow(const struct finding *finding, const char *actor,
                           const struct sources *sources, const char *root) {
    json_t *steps = json_array();
    for (size_t i = 0; i < finding->location_count; i++) {
        const struct location *location = &finding->locations[i];
        if (strcmp(location->actor, actor) == 0)
            json_array_append_new(
                steps, json_pack("{so ss}", "location", sarif_location(location, sources, root),
                                 "importance", location->context ? "unimportant" : "important"));
    }
    return json_pack("{so so}", "id", sarif_text(actor), "locations", steps);
}

static bool first_of_actor(const struct location *locations, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (strcmp(locations[i].actor, locations[index].actor) == 0)
            return false;
    return true;
}

json_t *sarif_code_flow(const struct finding *finding, const struct sources *sources,
                        const char *root) {
    json_t *flows = json_array();
    for (size_t i = 0; i < finding->schedule_count; i++)
        if (first_of_actor(finding->schedule, i))
            json_array_append_new(
                flows, scheduled_flow(finding, finding->schedule[i].actor, sources, root));
    for (size_t i = 0; i < finding->location_count && finding->schedule_count == 0; i++)
        if (first_of_actor(finding->locations, i))
            json_array_append_new(flows,
                                  thread_flow(finding, finding->locations[i].actor, sources, root));
    return json_pack("{so}", "threadFlows", flows);
}

/* FNV-1a, 64 bits: small, and the same everywhere. */
static uint64_t hashed(uint64_t hash, const char *text) {
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
    return (hash ^ '\n') * 0x100000001b3U;
}

/*
 * The same finding in the next version of a program should have the same fingerprint: it is made of
 * the text of the guilty lines, not of their numbers.
 */
json_t *sarif_fingerprint(const struct finding *finding, const char *program, const char *detector,
                          const struct sources *sources, const char *root) {
    void *scratch = talloc_new(NULL);
    uint64_t hash =
        hashed(hashed(hashed(0xcbf29ce484222325U, program), detector), kind_name(finding->kind));
    for (size_t i = 0; i < finding->location_count; i++) {
        const struct location *location = &finding->locations[i];
        const struct frame *frame =
            location->context ? NULL : location_own_frame(location, sources);
        const char *line = frame != NULL ? shown_line(scratch, frame->file, frame->line) : NULL;
        if (frame != NULL)
            hash = hashed(hashed(hash, shown_path(scratch, root, frame->file)), frame->function);
        if (line != NULL)
            hash = hashed(hash, line + strspn(line, " "));
    }
    talloc_free(scratch);
    return json_sprintf("%016llx", (unsigned long long)hash);
}
