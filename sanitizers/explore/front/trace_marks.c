/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Plain accesses are no steps, so a data race has no place in the trace; but each access lies
 * between two steps of its thread, where the thread ran alone. The later access is what ended the
 * execution (or was noted, and `schedule_length` says when): it follows its thread's last step.
 *
 * Of the earlier one the call stack is known, as it is of each step. Code runs forward but for
 * loops, so return addresses, compared from the outermost call inwards, tell what comes after what.
 * The access lies behind a step of its thread that comes before it, and before one that comes
 * after it, and neither of these happens before the race (else the two were ordered). In a loop
 * every round may have such a gap: the last one is taken, because that is the access which the race
 * detector remembers.
 */
#include "explore/front/trace_marks.h"

#include "explore/front/trace_order.h"

enum { DEEPEST = 200, EARLIER = 1, LATER = 0 }; /* the runtime tells the later access first */

/* Return addresses, the outermost call first. */
struct chain {
    uint64_t pcs[DEEPEST];
    int length;
};

static void chain_of(const struct shared *shared, uint32_t stack, uint64_t pc,
                     struct chain *chain) {
    uint64_t inward[DEEPEST];
    int depth = 0;
    if (pc != 0)
        inward[depth++] = pc;
    for (uint32_t at = stack; at != 0 && at < SHARED_STACKS && depth < DEEPEST;
         at = shared->stacks[at].parent)
        inward[depth++] = shared->stacks[at].pc;
    chain->length = depth;
    for (int i = 0; i < depth; i++)
        chain->pcs[i] = inward[depth - 1 - i];
}

/* Does a come no later in the program's text than b? */
static bool in_order(const struct chain *a, const struct chain *b) {
    for (int i = 0; i < a->length && i < b->length; i++)
        if (a->pcs[i] != b->pcs[i])
            return a->pcs[i] < b->pcs[i];
    return a->length <= b->length;
}

/* Where a thread starts is before all of it, and where it ends behind. */
static bool step_before(const struct shared *shared, const struct shared_step *step,
                        const struct chain *access) {
    struct chain chain;
    chain_of(shared, step->stack, step->pc, &chain);
    return step->event.op.kind == OP_START || in_order(&chain, access);
}

static bool step_behind(const struct shared *shared, const struct shared_step *step,
                        const struct chain *access) {
    struct chain chain;
    chain_of(shared, step->stack, step->pc, &chain);
    return step->event.op.kind == OP_END || in_order(access, &chain);
}

/* The actor's last step before `end`; -1: it made none. */
static int last_step(const struct shared *shared, int actor, int end) {
    int i = end - 1;
    while (i >= 0 && shared->trace[i].event.actor != actor)
        i--;
    return i;
}

/* How well does the access fit behind `step` and before the thread's next one (NULL: what it was
 * about to do then is not known)? A loop goes back either before the access or after it. */
static int fits(const struct shared *shared, const struct shared_step *step,
                const struct shared_step *next, const struct chain *access) {
    bool before = step_before(shared, step, access);
    if (next == NULL)
        return before ? 3 : 1;
    bool behind = step_behind(shared, next, access);
    return before && behind ? 3 : before || behind ? 2 : 0;
}

/* The step before `later` behind which the earlier access fits best, and among equals the last. */
static int step_before_access(const struct shared *shared, const struct shared_location *location,
                              int later) {
    struct chain access;
    int best = -1, most = -1, ordered = trace_last_ordered(shared, location->actor, later);
    chain_of(shared, location->stack, location->pc, &access);
    for (int i = last_step(shared, location->actor, later), next = -1;
         i >= 0 && (next < 0 || next > ordered);
         next = i, i = last_step(shared, location->actor, i)) {
        const struct shared_step *step = &shared->trace[i];
        if (step->event.op.kind == OP_END)
            continue;
        int fit = fits(shared, step, next < 0 ? NULL : &shared->trace[next], &access);
        if (fit > most) {
            most = fit;
            best = i;
        }
    }
    return best;
}

static void mark_race(const struct shared *shared, const struct shared_finding *finding,
                      struct trace_marks *marks) {
    int end = finding->schedule_length > 0 && finding->schedule_length < shared->trace_length
                  ? finding->schedule_length
                  : shared->trace_length;
    const struct shared_location *later = &finding->locations[LATER],
                                 *earlier = &finding->locations[EARLIER];
    int after_later = last_step(shared, later->actor, end);
    if (after_later < 0 || earlier->actor < 0)
        return;
    int after_earlier = step_before_access(shared, earlier, after_later);
    if (after_earlier < 0)
        return;
    marks->racing[0] = (struct racing_access){after_earlier, EARLIER};
    marks->racing[1] = (struct racing_access){after_later, LATER};
    marks->racing_count = 2;
}

static void mark_cycle(const struct shared *shared, const struct shared_finding *finding,
                       struct trace_marks *marks) {
    const struct message_part *cycle = message_find(&finding->message, SAY_CYCLE);
    uint64_t length = cycle != NULL ? cycle->values[1] : 0;
    if (length > 0 && length <= (uint64_t)shared->trace_length)
        marks->cycle = shared->trace_length - (int)length;
}

struct trace_marks trace_marks_of(const struct explore_outcome *outcome, size_t finding) {
    struct trace_marks marks = {.cycle = -1};
    const struct shared *shared = outcome->shared;
    if (finding >= (size_t)shared->finding_count || shared->trace_length == 0)
        return marks;
    const struct shared_finding *raw = &shared->findings[finding];
    if (raw->kind == KIND_DATA_RACE && raw->location_count >= 2)
        mark_race(shared, raw, &marks);
    else if (raw->kind == KIND_LIVELOCK)
        mark_cycle(shared, raw, &marks);
    return marks;
}
