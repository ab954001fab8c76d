/* SPDX-License-Identifier: MIT */
/*
 * The steps of a trace, looked up. A trace may have a quarter of a million steps at a dozen places:
 * each place is looked up once, and each file is read once.
 */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/render/interleaving.h"
#include "hazard/render/parts.h"

enum { PLACES = 1024 };

struct place {
    bool known;
    uint32_t stack;
    uint64_t pc;
    const char *path, *file;
    int line;
};

struct source {
    const char *path;
    char **lines; /* talloc array */
};

struct steps {
    const struct interleaving *what;
    const char *actors[OP_ACTORS];
    struct place places[PLACES]; /* by stack and pc; two that collide are looked up again */
    struct source *sources;
    size_t source_count;
};

int interleaving_length(const struct interleaving *what) {
    int length = what->outcome->shared->trace_length;
    return what->steps > 0 && what->steps < length ? what->steps : length;
}

struct steps *steps_open(void *owner, const struct interleaving *what) {
    struct steps *steps = new_array(owner, struct steps, 1);
    steps->what = what;
    return steps;
}

int steps_count(const struct steps *steps) {
    return interleaving_length(steps->what);
}

static void look_up(struct steps *steps, const struct shared_step *step, struct place *place) {
    const struct explore_outcome *outcome = steps->what->outcome;
    struct location location = {.actor = "", .doing = ""};
    symbols_step(outcome->symbols, outcome->shared, step, &location, steps);
    const struct frame *frame = shown_frame(&location, steps->what->sources);
    place->known = true;
    place->path = frame != NULL ? frame->file : NULL;
    place->line = place->path != NULL ? frame->line : 0;
    place->file = place->path != NULL ? shown_path(steps, steps->what->root, place->path) : NULL;
}

static const struct place *place_of(struct steps *steps, const struct shared_step *step) {
    size_t index = (size_t)(step->pc * 31 + step->stack) % PLACES;
    struct place *place = &steps->places[index];
    if (!place->known || place->stack != step->stack || place->pc != step->pc) {
        *place = (struct place){.stack = step->stack, .pc = step->pc};
        look_up(steps, step, place);
    }
    return place;
}

static const char *actor_name(struct steps *steps, int actor) {
    if (steps->actors[actor] == NULL)
        steps->actors[actor] =
            clean_line(steps, explore_actor(steps, steps->what->outcome->shared, actor));
    return steps->actors[actor];
}

struct step_shown steps_look(struct steps *steps, int index) {
    const struct explore_outcome *outcome = steps->what->outcome;
    const struct shared_step *step = &outcome->shared->trace[index];
    const struct place *place = place_of(steps, step);
    const char *words = explore_step_words(steps, outcome->shared, outcome->symbols, step);
    int critical = steps->what->critical;
    return (struct step_shown){
        .step = step,
        .actor = actor_name(steps, step->event.actor),
        .words = clean_line(steps, words),
        .path = place->path,
        .file = place->file,
        .line = place->line,
        .switched = index > 0 && step->event.actor != step[-1].event.actor,
        .preempted = index > 0 && (step->flags & STEP_PREEMPT) != 0,
        .critical = critical > 0 ? index + 1 == critical : (step->flags & STEP_CRITICAL) != 0,
    };
}

/* ---- Source lines ---------------------------------------------------------------------------- */

static void split_lines(struct source *source, char *text) {
    size_t count = 1, next = 0;
    for (const char *at = text; *at != '\0'; at++)
        count += *at == '\n';
    source->lines = new_array(text, char *, count);
    for (char *line; (line = strsep(&text, "\n")) != NULL;)
        source->lines[next++] = line;
}

static const struct source *source_of(struct steps *steps, const char *path) {
    for (size_t i = 0; i < steps->source_count; i++)
        if (strcmp(steps->sources[i].path, path) == 0)
            return &steps->sources[i];
    steps->sources = grow_array(steps, steps->sources, struct source, steps->source_count + 1);
    struct source *source = &steps->sources[steps->source_count++];
    *source = (struct source){.path = never_null(talloc_strdup(steps, path))};
    char *text = file_read(steps, path, NULL);
    if (text != NULL)
        split_lines(source, text);
    return source;
}

const char *steps_source(struct steps *steps, const struct step_shown *shown) {
    if (shown->path == NULL || shown->line <= 0)
        return "";
    const struct source *source = source_of(steps, shown->path);
    if (source->lines == NULL || (size_t)shown->line > talloc_array_length(source->lines))
        return "";
    const char *line = clean_line(steps, source->lines[shown->line - 1]);
    return line + strspn(line, " ");
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static json_t *step_json(struct steps *steps, int index) {
    struct step_shown shown = steps_look(steps, index);
    const struct shared_step *step = shown.step;
    json_t *object =
        json_pack("{si ss ss}", "step", index + 1, "actor", shown.actor, "words", shown.words);
    if (shown.line > 0)
        json_object_update_new(object,
                               json_pack("{ss si}", "file", shown.file, "line", shown.line));
    if ((step->flags & STEP_HAS_VALUE) != 0)
        json_object_set_new(object, "value", json_integer((json_int_t)step->value));
    if (step->event.alternatives > 1)
        json_object_update_new(object, json_pack("{si si}", "alternative", step->event.alternative,
                                                 "alternatives", step->event.alternatives));
    json_object_set_new(object, "switch", json_boolean(shown.switched));
    json_object_set_new(object, "preemption", json_boolean(shown.preempted));
    json_object_set_new(object, "critical", json_boolean(shown.critical));
    return object;
}

json_t *interleaving_json(const struct interleaving *what) {
    struct steps *steps = steps_open(NULL, what);
    json_t *array = json_array();
    for (int i = 0; i < steps_count(steps); i++)
        json_array_append_new(array, step_json(steps, i));
    talloc_free(steps);
    return array;
}
