/* SPDX-License-Identifier: MIT */
#include "explore/front/outcome_findings.h"

#include "base/memory.h"
#include "explore/front/actor.h"
#include "explore/front/trace_marks.h"
#include "explore/front/words.h"

enum { SCHEDULE_SHOWN = 500 };

static struct location make_location(const struct exploration *at,
                                     const struct shared_location *raw) {
    const struct explore_outcome *outcome = at->outcome;
    struct location location = {
        .actor = actor_words(at->owner, at->shared, raw->actor),
        .doing = words_doing(at->owner, outcome->objects, &raw->doing),
        .context = raw->context != 0,
    };
    objects_stack(outcome->objects, raw->stack, raw->pc, &location, at->owner);
    return location;
}

static struct location step_location(const struct exploration *at, const struct shared_step *step) {
    struct objects *objects = at->outcome->objects;
    struct location location = {
        .actor = actor_words(at->owner, at->shared, step->event.actor),
        .doing = words_step(at->owner, at->shared, objects, step),
    };
    objects_step(objects, step, &location, at->owner);
    return location;
}

static void schedule_add(struct finding *finding, struct location one) {
    one.frame_count = one.frame_count > 1 ? 1 : one.frame_count;
    finding->schedule[finding->schedule_count++] = one;
}

/* The trace as the finding's schedule: the last steps, where the failure is, and the accesses that
 * race, which are no steps. */
static void add_schedule(const struct exploration *at, struct finding *finding) {
    const struct shared *shared = at->shared;
    struct trace_marks marks = trace_marks_of(at->outcome, 0);
    int first = shared->trace_length > SCHEDULE_SHOWN ? shared->trace_length - SCHEDULE_SHOWN : 0;
    finding->schedule_first = (size_t)first;
    finding->schedule =
        new_array(at->owner, struct location, shared->trace_length - first + marks.racing_count);
    for (int i = first; i < shared->trace_length; i++) {
        schedule_add(finding, step_location(at, &shared->trace[i]));
        for (int j = 0; j < marks.racing_count; j++)
            if (marks.racing[j].after == i && marks.racing[j].location < finding->location_count)
                schedule_add(finding, finding->locations[marks.racing[j].location]);
    }
}

static struct finding make_finding(const struct exploration *at, const struct shared_finding *raw) {
    struct finding finding = {
        .kind = (enum kind)raw->kind,
        .message = words_message(at->owner, at->outcome->objects, &raw->message),
    };
    for (int i = 0; i < raw->location_count; i++)
        finding_add_location(at->owner, &finding, make_location(at, &raw->locations[i]));
    return finding;
}

void outcome_findings(const struct exploration *at) {
    const struct shared *shared = at->shared;
    for (int i = 0; i < shared->warning_count; i++)
        findings_add(at->owner, &at->outcome->warnings, make_finding(at, &shared->warnings[i]));
    int64_t *executions = new_array(at->owner, int64_t, shared->finding_count + 1);
    for (int i = 0; i < shared->finding_count; i++) {
        const struct shared_finding *raw = &shared->findings[i];
        struct finding finding = make_finding(at, raw);
        if (i == 0 && shared->trace_length > 0)
            add_schedule(at, &finding);
        findings_add(at->owner, &at->outcome->findings, finding);
        executions[i] = raw->execution;
    }
    at->outcome->finding_execution = executions;
}
