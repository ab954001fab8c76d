/* SPDX-License-Identifier: MIT */
/*
 * A result between two processes of ours. Unlike render_json.c it leaves nothing out, and it is read back
 * strictly: a worker that died in the middle of its answer must not be taken for a silent detector.
 */
#include "hazard/suite/result_pack.h"

#include <limits.h>
#include <string.h>

#include "base/clean.h"
#include "base/memory.h"

static json_t *text(const char *words) {
    void *scratch = talloc_new(NULL);
    json_t *string = json_string(clean_utf8(scratch, words));
    talloc_free(scratch);
    return string;
}

static json_t *pack_frame(const struct frame *frame) {
    return json_pack("{so so si si}", "function", text(frame->function), "file",
                     frame->file != NULL ? text(frame->file) : json_null(), "line", frame->line,
                     "column", frame->column);
}

static json_t *pack_frames(const struct frame *all, size_t count) {
    json_t *frames = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(frames, pack_frame(&all[i]));
    return frames;
}

static json_t *pack_location(const struct location *location) {
    return json_pack("{so so sb so}", "actor", text(location->actor), "doing",
                     text(location->doing), "context", location->context, "frames",
                     pack_frames(location->frames, location->frame_count));
}

static json_t *pack_locations(const struct location *locations, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, pack_location(&locations[i]));
    return array;
}

static json_t *pack_finding(const struct finding *finding) {
    return json_pack("{ss so so so sI ss* sb so}", "kind", kind_name(finding->kind), "message",
                     text(finding->message), "locations",
                     pack_locations(finding->locations, finding->location_count), "schedule",
                     pack_locations(finding->schedule, finding->schedule_count), "schedule_first",
                     (json_int_t)finding->schedule_first, "doubt", finding->doubt, "refuted",
                     finding->refuted, "further",
                     pack_frames(finding->further, finding->further_count));
}

json_t *result_pack(const struct result *result) {
    json_t *findings = json_array();
    for (size_t i = 0; i < result->findings.count; i++)
        json_array_append_new(findings, pack_finding(&result->findings.items[i]));
    return json_pack("{so ss si si so sb sb sI so}", "detector", text(result->detector), "verdict",
                     verdict_name(result->verdict), "runs", result->runs, "hits", result->hits,
                     "detail", text(result->detail), "program_failed", result->program_failed,
                     "conditional", result->conditional, "count", (json_int_t)result->count,
                     "findings", findings);
}

static const char *copy(void *owner, const char *words) {
    return words != NULL ? never_null(talloc_strdup(owner, words)) : NULL;
}

static int unpack_frame(void *owner, json_t *packed, struct frame *frame) {
    const char *function;
    json_t *file; /* a string, or null */
    if (json_unpack(packed, "{ss so si si !}", "function", &function, "file", &file, "line",
                    &frame->line, "column", &frame->column) != 0)
        return -1;
    frame->function = copy(owner, function);
    frame->file = copy(owner, json_string_value(file));
    return 0;
}

static int unpack_location(void *owner, json_t *packed, struct location *location) {
    const char *actor, *doing;
    int context;
    json_t *frames, *one;
    size_t i;
    if (json_unpack(packed, "{ss ss sb so !}", "actor", &actor, "doing", &doing, "context",
                    &context, "frames", &frames) != 0 ||
        !json_is_array(frames))
        return -1;
    *location = (struct location){
        .actor = copy(owner, actor), .doing = copy(owner, doing), .context = context};
    json_array_foreach(frames, i, one) {
        struct frame frame;
        if (unpack_frame(owner, one, &frame) != 0)
            return -1;
        location_add_frame(owner, location, frame);
    }
    return 0;
}

/* A new array of *count locations; NULL if the packed one is malformed. */
static struct location *unpack_locations(void *owner, json_t *packed, size_t *count) {
    json_t *one;
    size_t i;
    *count = json_array_size(packed);
    struct location *locations = new_array(owner, struct location, *count + 1);
    if (!json_is_array(packed))
        return NULL;
    json_array_foreach(packed, i, one) {
        if (unpack_location(owner, one, &locations[i]) != 0)
            return NULL;
    }
    return locations;
}

static int unpack_further(void *owner, json_t *packed, struct finding *finding) {
    json_t *one;
    size_t i;
    finding->further_count = json_array_size(packed);
    finding->further = new_array(owner, struct frame, finding->further_count + 1);
    json_array_foreach(packed, i, one) {
        if (unpack_frame(owner, one, &finding->further[i]) != 0)
            return -1;
    }
    return json_is_array(packed) ? 0 : -1;
}

static int unpack_finding(void *owner, json_t *packed, struct finding *finding) {
    const char *kind, *message, *doubt = NULL;
    int refuted;
    json_t *locations, *schedule, *further;
    json_int_t first;
    if (json_unpack(packed, "{ss ss so so sI s?s sb so !}", "kind", &kind, "message", &message,
                    "locations", &locations, "schedule", &schedule, "schedule_first", &first,
                    "doubt", &doubt, "refuted", &refuted, "further", &further) != 0 ||
        kind_from_name(kind) < 0 || first < 0)
        return -1;
    *finding = (struct finding){.kind = (enum kind)kind_from_name(kind),
                                .message = copy(owner, message),
                                .schedule_first = (size_t)first,
                                .doubt = copy(owner, doubt),
                                .refuted = refuted};
    finding->locations = unpack_locations(owner, locations, &finding->location_count);
    finding->schedule = unpack_locations(owner, schedule, &finding->schedule_count);
    if (finding->locations == NULL || finding->schedule == NULL)
        return -1;
    return unpack_further(owner, further, finding);
}

static int unpack_findings(void *owner, json_t *packed, struct findings *findings) {
    json_t *one;
    size_t i;
    if (!json_is_array(packed))
        return -1;
    json_array_foreach(packed, i, one) {
        struct finding finding;
        if (unpack_finding(owner, one, &finding) != 0)
            return -1;
        findings_add(owner, findings, finding);
    }
    return 0;
}

struct result *result_unpack(void *owner, json_t *packed) {
    struct result *result = new_array(owner, struct result, 1);
    const char *detector, *verdict, *detail;
    int program_failed, conditional;
    json_int_t count;
    json_t *findings;
    if (json_unpack(packed, "{ss ss si si ss sb sb sI so !}", "detector", &detector, "verdict",
                    &verdict, "runs", &result->runs, "hits", &result->hits, "detail", &detail,
                    "program_failed", &program_failed, "conditional", &conditional, "count", &count,
                    "findings", &findings) != 0 ||
        verdict_from_name(verdict) < 0 ||
        unpack_findings(result, findings, &result->findings) != 0) {
        talloc_free(result);
        return NULL;
    }
    result->detector = copy(result, detector);
    result->verdict = (enum verdict)verdict_from_name(verdict);
    result->detail = copy(result, detail);
    result->program_failed = program_failed;
    result->conditional = conditional;
    result->count = count;
    return result;
}
