/* SPDX-License-Identifier: MIT */
#include "hazard/render/interleaving_json.h"

#include "base/memory.h"

/* `key` says what the number is: of the step, or of the step before the access. */
static json_t *shown_json(const struct step_shown *shown, const char *key, int number) {
    json_t *object =
        json_pack("{si ss ss}", key, number, "actor", shown->actor, "words", shown->words);
    if (shown->line > 0)
        json_object_update_new(object,
                               json_pack("{ss si}", "file", shown->file, "line", shown->line));
    return object;
}

static json_t *step_json(struct steps *steps, int index) {
    struct step_shown shown = steps_look(steps, index);
    const struct shared_step *step = shown.step;
    json_t *object = shown_json(&shown, "step", index + 1);
    if ((step->flags & STEP_HAS_VALUE) != 0)
        json_object_set_new(object, "value", json_integer((json_int_t)step->value));
    if (step->event.alternatives > 1)
        json_object_update_new(object, json_pack("{si si}", "alternative", step->event.alternative,
                                                 "alternatives", step->event.alternatives));
    json_object_set_new(object, "switch", json_boolean(shown.switched));
    json_object_set_new(object, "preemption", json_boolean(shown.preempted));
    json_object_set_new(object, "critical", json_boolean(shown.critical));
    if (shown.repeats)
        json_object_set_new(object, "repeats", json_true());
    return object;
}

static void add_racing_json(struct steps *steps, int after, json_t *array) {
    const struct trace_marks *marks = steps_marks(steps);
    for (int i = 0; i < marks->racing_count; i++) {
        if (marks->racing[i].after != after)
            continue;
        struct step_shown shown = steps_racing(steps, i);
        json_t *object = shown_json(&shown, "after", after + 1);
        json_object_set_new(object, "race", json_true());
        json_array_append_new(array, object);
    }
}

json_t *interleaving_json(const struct interleaving *what) {
    struct steps *steps = steps_open(NULL, what);
    json_t *array = json_array();
    for (int i = 0; i < steps_count(steps); i++) {
        json_array_append_new(array, step_json(steps, i));
        add_racing_json(steps, i, array);
    }
    talloc_free(steps);
    return array;
}
