/* SPDX-License-Identifier: MIT */
/*
 * The steps of a trace, looked up. A trace may have a quarter of a million steps at a dozen places:
 * each place is looked up once, and each file is read once.
 */
#include "hazard/render/steps.h"

#include <string.h>

#include "base/clean.h"
#include "base/file.h"
#include "base/memory.h"
#include "explore/front/actor.h"
#include "explore/front/words.h"
#include "hazard/render/shown.h"

enum { PLACES = 1024 };

struct step_place {
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
    struct trace_marks marks;
    const char *actors[OP_ACTORS];
    struct step_place places[PLACES]; /* by stack and pc; two that collide are looked up again */
    struct source *sources;
    size_t source_count;
};

int steps_length(const struct interleaving *what) {
    int length = what->outcome->shared->trace_length;
    return what->steps > 0 && what->steps < length ? what->steps : length;
}

struct steps *steps_open(void *owner, const struct interleaving *what) {
    struct steps *steps = new_array(owner, struct steps, 1);
    steps->what = what;
    steps->marks = trace_marks_of(what->outcome, what->finding);
    return steps;
}

const struct trace_marks *steps_marks(const struct steps *steps) {
    return &steps->marks;
}

int steps_count(const struct steps *steps) {
    return steps_length(steps->what);
}

static void look_up(struct steps *steps, struct step_place *place) {
    const struct explore_outcome *outcome = steps->what->outcome;
    struct location location = {.actor = "", .doing = ""};
    objects_stack(outcome->objects, place->stack, place->pc, &location, steps);
    const struct frame *frame = shown_frame(&location, steps->what->sources);
    place->known = true;
    place->path = frame != NULL ? frame->file : NULL;
    place->line = place->path != NULL ? frame->line : 0;
    place->file = place->path != NULL ? shown_path(steps, steps->what->root, place->path) : NULL;
}

static const struct step_place *place_of(struct steps *steps, uint32_t stack, uint64_t pc) {
    struct step_place *place = &steps->places[(size_t)(pc * 31 + stack) % PLACES];
    if (!place->known || place->stack != stack || place->pc != pc) {
        *place = (struct step_place){.stack = stack, .pc = pc};
        look_up(steps, place);
    }
    return place;
}

static const char *actor_name(struct steps *steps, int actor) {
    if (steps->actors[actor] == NULL)
        steps->actors[actor] =
            clean_line(steps, actor_words(steps, steps->what->outcome->shared, actor));
    return steps->actors[actor];
}

struct step_shown steps_look(struct steps *steps, int index) {
    const struct explore_outcome *outcome = steps->what->outcome;
    const struct shared_step *step = &outcome->shared->trace[index];
    const struct step_place *place = place_of(steps, step->stack, step->pc);
    const char *words = words_step(steps, outcome->shared, outcome->objects, step);
    int critical = steps->what->critical;
    return (struct step_shown){
        .step = step,
        .id = actor_thread(outcome->shared, step->event.actor),
        .actor = actor_name(steps, step->event.actor),
        .words = clean_line(steps, words),
        .path = place->path,
        .file = place->file,
        .line = place->line,
        .switched = index > 0 && (step->flags & STEP_SWITCH) != 0,
        .preempted = index > 0 && (step->flags & STEP_PREEMPT) != 0,
        .critical = critical > 0 ? index + 1 == critical : (step->flags & STEP_CRITICAL) != 0,
        .repeats = steps->marks.cycle >= 0 && index >= steps->marks.cycle,
    };
}

struct step_shown steps_racing(struct steps *steps, int which) {
    const struct explore_outcome *outcome = steps->what->outcome;
    size_t index = steps->marks.racing[which].location, finding = steps->what->finding;
    const struct shared_location *raw = &outcome->shared->findings[finding].locations[index];
    const struct step_place *place = place_of(steps, raw->stack, raw->pc);
    return (struct step_shown){
        .id = raw->actor,
        .actor = actor_name(steps, raw->actor),
        .words = clean_line(steps, words_doing(steps, outcome->objects, &raw->doing)),
        .path = place->path,
        .file = place->file,
        .line = place->line,
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
    char *text = shown_conceals(path) ? NULL : file_read(steps, path, NULL);
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
