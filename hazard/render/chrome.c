/* SPDX-License-Identifier: MIT */
/*
 * A trace for chrome://tracing and https://ui.perfetto.dev, in the Trace Event format (JSON object
 * form): a track for each actor, a slice for each step, a slice around them for each lock that is
 * held, an arrow from each wake-up to the step that it made possible.
 *
 * Steps have no duration: each takes one tick of TICK microseconds, in which nobody else moves.
 *
 * Slices of one track must nest, but locks need not be given back in the reverse order. When a lock
 * goes that lies below others, their slices are ended with it and begun again.
 */
#include "hazard/render/chrome.h"

#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "explore/front/actor.h"
#include "explore/front/objects.h"

enum { TICK = 10, STEP = 8, PROCESS = 1, MOST_HELD = 64 };

struct held_lock {
    uint64_t object;
    const char *name;
};

struct chrome {
    const struct interleaving *what;
    struct steps *steps;
    json_t *events;
    struct held_lock held[OP_ACTORS][MOST_HELD];
    int held_count[OP_ACTORS];
};

static int track(int actor) {
    return actor + 1;
}

static void add(struct chrome *chrome, json_t *event) {
    json_array_append_new(chrome->events, never_null(event));
}

static void add_names(struct chrome *chrome) {
    const struct shared *shared = chrome->what->outcome->shared;
    bool named[OP_ACTORS] = {false};
    for (int i = 0; i < steps_count(chrome->steps); i++) {
        int actor = shared->trace[i].event.actor;
        if (named[actor])
            continue;
        named[actor] = true;
        add(chrome, json_pack("{ss ss si si s{ss}}", "name", "thread_name", "ph", "M", "pid",
                              PROCESS, "tid", track(actor), "args", "name",
                              actor_own_words(chrome->steps, shared, actor)));
        add(chrome, json_pack("{ss ss si si s{si}}", "name", "thread_sort_index", "ph", "M", "pid",
                              PROCESS, "tid", track(actor), "args", "sort_index",
                              shared->actors[actor_thread(shared, actor)].number));
    }
}

static void add_slice(struct chrome *chrome, int index, const struct step_shown *shown) {
    json_t *args = json_pack("{si}", "step", index + 1);
    void *scratch = talloc_new(NULL);
    if (shown->line > 0)
        json_object_set_new(
            args, "at", json_string(talloc_asprintf(scratch, "%s:%d", shown->file, shown->line)));
    const char *source = steps_source(chrome->steps, shown);
    if (*source != '\0')
        json_object_set_new(args, "source", json_string(source));
    if (shown->preempted)
        json_object_set_new(args, "preemption", json_true());
    if (shown->critical)
        json_object_set_new(args, "critical", json_true());
    add(chrome, json_pack("{ss ss ss sI si si si so}", "name", shown->words, "cat", "step", "ph",
                          "X", "ts", (json_int_t)index * TICK, "dur", STEP, "pid", PROCESS, "tid",
                          track(shown->step->event.actor), "args", args));
    if (shown->critical)
        add(chrome, json_pack("{ss ss ss ss sI si si}", "name", "critical step", "cat", "critical",
                              "ph", "i", "s", "p", "ts", (json_int_t)index * TICK + STEP, "pid",
                              PROCESS, "tid", track(shown->step->event.actor)));
    talloc_free(scratch);
}

static void add_arrow(struct chrome *chrome, int from, int to) {
    const struct shared_step *trace = chrome->what->outcome->shared->trace;
    add(chrome, json_pack("{ss ss ss si sI si si}", "name", "wakes", "cat", "wake-up", "ph", "s",
                          "id", to, "ts", (json_int_t)from * TICK + STEP / 2, "pid", PROCESS, "tid",
                          track(trace[from].event.actor)));
    add(chrome, json_pack("{ss ss ss ss si sI si si}", "name", "wakes", "cat", "wake-up", "ph", "f",
                          "bp", "e", "id", to, "ts", (json_int_t)to * TICK + STEP / 2, "pid",
                          PROCESS, "tid", track(trace[to].event.actor)));
}

/* ---- Locks held ------------------------------------------------------------------------------ */

static void edge(struct chrome *chrome, int actor, const char *phase, const char *name,
                 json_int_t time) {
    add(chrome, json_pack("{ss ss ss sI si si}", "name", name, "cat", "lock", "ph", phase, "ts",
                          time, "pid", PROCESS, "tid", track(actor)));
}

/* Mutexes, spin locks and readers-writer locks; a semaphore belongs to nobody. */
static bool takes_lock(enum op_kind kind) {
    return (kind >= OP_MUTEX_LOCK && kind <= OP_MUTEX_TIMEDLOCK) || kind == OP_COND_RELOCK ||
           (kind >= OP_RW_READ && kind <= OP_RW_TRYWRITE) || kind == OP_SPIN_LOCK ||
           kind == OP_SPIN_TRYLOCK;
}

static void take(struct chrome *chrome, int actor, const struct access *access, json_int_t time) {
    int *count = &chrome->held_count[actor];
    if (*count == MOST_HELD)
        return;
    const char *object =
        objects_words(chrome->what->outcome->objects, object_address(access->object));
    const char *name =
        talloc_asprintf(chrome->steps, "holds %s", clean_line(chrome->steps, object));
    chrome->held[actor][(*count)++] = (struct held_lock){access->object, name};
    edge(chrome, actor, "B", name, time);
}

static void give_back(struct chrome *chrome, int actor, int which, json_int_t time) {
    struct held_lock *held = chrome->held[actor];
    int *count = &chrome->held_count[actor];
    for (int i = *count - 1; i >= which; i--)
        edge(chrome, actor, "E", held[i].name, time);
    memmove(&held[which], &held[which + 1], (size_t)(*count - which - 1) * sizeof *held);
    --*count;
    for (int i = which; i < *count; i++)
        edge(chrome, actor, "B", held[i].name, time);
}

static int find_held(const struct chrome *chrome, int actor, uint64_t object) {
    int which = 0;
    while (which < chrome->held_count[actor] && chrome->held[actor][which].object != object)
        which++;
    return which < chrome->held_count[actor] ? which : -1;
}

/* What the step's operation did to locks: an access that lowers the state takes, one that raises it
 * gives back. A lock is held from the end of the one step to the start of the other, which may be one of
 * its thread's store buffer. */
static void end_held(struct chrome *chrome, const struct shared_step *step, json_int_t time) {
    int actor = actor_thread(chrome->what->outcome->shared, step->event.actor);
    for (int i = 0; i < step->event.op.access_count && i < OP_ACCESSES; i++) {
        const struct access *access = &step->event.op.access[i];
        int which = find_held(chrome, actor, access->object);
        if (which >= 0 && access->delta > 0)
            give_back(chrome, actor, which, time);
    }
}

static void begin_held(struct chrome *chrome, const struct shared_step *step, json_int_t time) {
    int actor = step->event.actor;
    if ((step->flags & STEP_FAILED) != 0 || !takes_lock(step->event.op.kind))
        return;
    for (int i = 0; i < step->event.op.access_count && i < OP_ACCESSES; i++) {
        const struct access *access = &step->event.op.access[i];
        if ((access->object & 7) == OBJECT_SYNC && access->delta < 0 &&
            find_held(chrome, actor, access->object) < 0)
            take(chrome, actor, access, time);
    }
}

static void end_locks(struct chrome *chrome) {
    json_int_t end = (json_int_t)steps_count(chrome->steps) * TICK;
    for (int actor = 0; actor < OP_ACTORS; actor++)
        for (int i = chrome->held_count[actor] - 1; i >= 0; i--)
            edge(chrome, actor, "E", chrome->held[actor][i].name, end);
}

json_t *chrome_trace(const struct interleaving *what) {
    void *owner = new_owner();
    struct chrome *chrome = new_array(owner, struct chrome, 1);
    chrome->what = what;
    chrome->steps = steps_open(owner, what);
    chrome->events = json_array();
    add_names(chrome);
    for (int i = 0; i < steps_count(chrome->steps); i++) {
        struct step_shown shown = steps_look(chrome->steps, i);
        int waker = shown.step->event.enabled_by;
        end_held(chrome, shown.step, (json_int_t)i * TICK);
        add_slice(chrome, i, &shown);
        begin_held(chrome, shown.step, (json_int_t)i * TICK + STEP);
        if (waker >= 0 && waker < i)
            add_arrow(chrome, waker, i);
    }
    end_locks(chrome);
    json_t *events = chrome->events;
    talloc_free(owner);
    return json_pack("{so ss}", "traceEvents", events, "displayTimeUnit", "ms");
}
