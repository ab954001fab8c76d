/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * An execution is determined by the program, its arguments, the options that open or close choices,
 * and for each step who made it and what was chosen within it. All of that goes into the schedule;
 * nothing of the machine does: files are named as the user named them, actors by their place in the
 * order of creation, and words name lines by the file's base name.
 *
 * A search gives an actor a number when it first meets it, in whichever execution that is. A replay
 * meets the actors of one execution only, in the order in which that creates them; so that is how
 * a schedule numbers them. Heaps and stacks lie where the number says, and what is raced on there
 * moves with it.
 *
 * symbols/checksum.c recognises the program.
 */
#include "explore/front/schedule.h"

#include <string.h>

#include "base/memory.h"
#include "explore/front/actor.h"
#include "explore/front/words.h"
#include "symbols/checksum.h"

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* " at seat.c:31", or "" where nothing is known. */
static const char *place_words(void *owner, const struct explore_outcome *outcome,
                               const struct shared_step *step) {
    struct location location = {.actor = "", .doing = ""};
    objects_step(outcome->objects, step, &location, owner);
    const struct frame *frame = location_own_frame(&location, &outcome->sources);
    if (frame == NULL && location.frame_count > 0)
        frame = &location.frames[0];
    if (frame == NULL || frame->file == NULL || frame->line == 0)
        return "";
    return never_null(talloc_asprintf(owner, " at %s:%d", base_name(frame->file), frame->line));
}

static const char *step_words(void *owner, const struct explore_outcome *outcome,
                              const struct shared_step *step) {
    void *scratch = talloc_new(owner);
    const char *words =
        talloc_asprintf(owner, "%s %s%s", actor_words(scratch, outcome->shared, step->event.actor),
                        words_step(scratch, outcome->shared, outcome->objects, step),
                        place_words(scratch, outcome, step));
    talloc_free(scratch);
    return never_null((void *)(uintptr_t)words);
}

/* The number that a replay will give to an actor of the search. */
static int replayed_actor(const struct shared *shared, int actor) {
    int number = shared->actors[actor].order;
    return number > 0 && number <= OP_ACTORS ? number - 1 : actor;
}

static void take_steps(void *owner, const struct explore_outcome *outcome,
                       struct schedule *schedule) {
    const struct shared *shared = outcome->shared;
    schedule->step_count = shared->trace_length;
    schedule->steps = new_array(owner, struct schedule_step, shared->trace_length + 1);
    for (int i = 0; i < shared->trace_length; i++) {
        const struct shared_step *step = &shared->trace[i];
        bool chose = step->event.alternatives > 1;
        schedule->steps[i] = (struct schedule_step){
            .actor = (uint8_t)replayed_actor(shared, step->event.actor),
            .alternative = chose ? step->event.alternative : 0,
            .alternatives = chose ? step->event.alternatives : 0,
            .words = step_words(owner, outcome, step),
        };
    }
}

/* Where a replay will have it: in the heap or on the stack of an actor, which may have another
 * number. */
static uint64_t replayed_address(const struct shared *shared, uint64_t address) {
    uint64_t heap = (address - HEAP_ADDRESS) / HEAP_SIZE,
             stack = (address - STACK_ADDRESS) / STACK_SPACE;
    if (heap < OP_ACTORS)
        return HEAP_ADDRESS + (uint64_t)replayed_actor(shared, (int)heap) * HEAP_SIZE +
               (address - HEAP_ADDRESS) % HEAP_SIZE;
    if (stack < OP_ACTORS)
        return address - stack_top((int)stack) + stack_top(replayed_actor(shared, (int)stack));
    return address;
}

/* Those that were visible in the execution of the finding. */
static void take_raced(void *owner, const struct shared *shared, int finding,
                       struct schedule *schedule) {
    int64_t count = finding >= 0 ? shared->findings[finding].raced : shared->raced;
    if (count < 0 || count > SHARED_RACED)
        count = 0;
    uint64_t *raced = new_array(owner, uint64_t, count + 1);
    for (int64_t i = 0; i < count; i++)
        raced[i] = replayed_address(shared, shared->raced_granules[i]);
    schedule->raced = raced;
    schedule->raced_count = (int)count;
}

/* The runtime keeps a trace of the first finding only; of the others, what is needed to replay. */
static int take_pairs(void *owner, const struct shared *shared,
                      const struct shared_finding *finding, struct schedule *schedule,
                      struct error *error) {
    uint64_t size = (uint64_t)finding->schedule_length * 2;
    if (finding->schedule_length < 0 || finding->schedule_length > SHARED_TRACE ||
        finding->schedule_offset > SHARED_SIZE - size)
        return fail(error, "the finding's schedule is not where it should be");
    const uint8_t *pairs = (const uint8_t *)shared + finding->schedule_offset;
    schedule->step_count = finding->schedule_length;
    schedule->steps = new_array(owner, struct schedule_step, schedule->step_count + 1);
    for (int i = 0; i < schedule->step_count; i++) {
        uint8_t actor = *pairs++, alternative = *pairs++;
        schedule->steps[i] = (struct schedule_step){.actor = actor,
                                                    .alternative = alternative,
                                                    .alternatives = alternative > 0 ? OP_ANY : 0,
                                                    .words = ""};
    }
    return 0;
}

int schedule_take(void *owner, const struct explore_outcome *outcome, int finding,
                  const struct explore_options *options, const struct subject *subject,
                  struct schedule *schedule, struct error *error) {
    const struct shared *shared = outcome->shared;
    const struct finding *shown = finding >= 0 ? &outcome->findings.items[finding] : NULL;
    schedule->args = subject->args;
    schedule->options = *options;
    take_raced(owner, shared, finding, schedule);
    schedule->kind = shown != NULL ? (int)shown->kind : -1;
    schedule->message = shown != NULL ? shown->message : "";
    schedule->critical =
        finding == 0 && shared->critical < shared->trace_length ? shared->critical : -1;
    if (finding <= 0)
        take_steps(owner, outcome, schedule);
    else if (take_pairs(owner, shared, &shared->findings[finding], schedule, error) != 0)
        return -1;
    return checksum_program(subject->binary, &schedule->checksum, error);
}

struct explore_options schedule_options(void *owner, const struct schedule *schedule) {
    uint8_t *pairs = new_array(owner, uint8_t, 2 * schedule->step_count + 1), *next = pairs;
    for (int i = 0; i < schedule->step_count; i++) {
        *next++ = schedule->steps[i].actor;
        *next++ = schedule->steps[i].alternative;
    }
    struct explore_options options = schedule->options;
    options.strategy = "replay";
    options.executions = 0;
    options.seconds = 0;
    options.bound = 0;
    options.jobs = 1;
    options.minimise = false;
    options.keep_going = false;
    options.trace = true;
    options.schedule = pairs;
    options.schedule_length = schedule->step_count;
    options.raced = schedule->raced;
    options.raced_count = schedule->raced_count;
    return options;
}
