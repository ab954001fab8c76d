/* SPDX-License-Identifier: MIT */
/*
 * Where a failure comes from. A wrong result or a failed assertion shows itself far from its cause;
 * the cause is where the schedule that shows it goes astray. So the finding gets, from the
 * minimised trace, the places where a thread was interrupted that could have gone on, and the
 * critical step.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/explain.h"
#include "explore/runtime/finding.h"
#include "report/kind.h"

/* The kinds that show themselves where they happen need no more. */
static bool tells_by_itself(int kind) {
    switch (kind) {
    case KIND_EXIT:
    case KIND_ASSERTION:
    case KIND_CRASH:
    case KIND_STARVATION:
        return false;
    default:
        return true;
    }
}

/* The next step of that actor from `index` on: where it was when the others ran; -1: none. */
static int next_of(int actor, int index) {
    for (int i = index; i < shared->trace_length; i++)
        if (shared->trace[i].event.actor == actor)
            return i;
    return -1;
}

static void add_step(struct shared_finding *finding, int index, enum message_text doing) {
    const struct shared_step *step = &shared->trace[index];
    if (step->pc == 0)
        return;
    for (int i = 0; i < finding->location_count; i++)
        if (finding->locations[i].pc == step->pc &&
            finding->locations[i].actor == step->event.actor)
            return;
    struct shared_location *location =
        finding_at(finding, step->event.actor, step->stack, step->pc, DOING(PART(doing)));
    location->step = (uint32_t)index;
}

void explain_finding(struct shared_finding *finding) {
    if (shared->critical >= 0 && shared->critical < shared->trace_length)
        shared->trace[shared->critical].flags |= STEP_CRITICAL;
    if (tells_by_itself(finding->kind))
        return;
    for (int i = 1; i < shared->trace_length; i++) {
        if ((shared->trace[i].flags & STEP_PREEMPT) == 0)
            continue;
        int next = next_of(shared->trace[i - 1].event.actor, i);
        if (next >= 0)
            add_step(finding, next, SAY_INTERRUPTED);
    }
    if (shared->critical >= 0 && shared->critical < shared->trace_length)
        add_step(finding, shared->critical, SAY_UNAVOIDABLE);
}
