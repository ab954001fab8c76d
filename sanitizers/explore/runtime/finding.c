/* SPDX-License-Identifier: MIT */
/*
 * Findings: building them, and keeping each distinct one with the schedule that shows it.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/places.h"

void finding_start(struct shared_finding *finding, int kind) {
    memset(finding, 0, sizeof *finding);
    finding->kind = kind;
}

struct shared_location *finding_at(struct shared_finding *finding, int actor, uint32_t stack,
                                   uintptr_t pc, struct message_doing doing) {
    if (finding->location_count == SHARED_LOCATIONS)
        return &finding->locations[SHARED_LOCATIONS - 1];
    struct shared_location *location = &finding->locations[finding->location_count++];
    *location = (struct shared_location){
        .actor = actor,
        .stack = stack,
        .step = UINT32_MAX,
        .pc = pc,
        .doing = doing,
    };
    return location;
}

/* Alike: the same kind, and the same guilty places. */
bool finding_alike(const struct shared_finding *a, const struct shared_finding *b) {
    if (a->kind != b->kind || a->location_count != b->location_count)
        return false;
    for (int i = 0; i < a->location_count; i++) {
        const struct shared_location *x = &a->locations[i], *y = &b->locations[i];
        if (x->context != y->context || (!x->context && x->pc != y->pc))
            return false;
    }
    return true;
}

static bool is_known(const struct shared_finding *finding) {
    for (int i = 0; i < shared->finding_count; i++)
        if (finding_alike(finding, &shared->findings[i]))
            return true;
    return false;
}

void finding_warn(const struct shared_finding *finding) {
    bool known = false;
    arena_lock(&control->arena);
    for (int i = 0; i < shared->warning_count; i++)
        known |= finding_alike(finding, &shared->warnings[i]);
    if (!known && shared->warning_count < SHARED_WARNINGS)
        shared->warnings[shared->warning_count++] = *finding;
    arena_unlock(&control->arena);
}

/* In another process actors are met in the order in which this execution creates them. */
static void renumber(uint8_t *pairs, int length) {
    for (uint8_t *actor = pairs; actor < pairs + 2 * (ptrdiff_t)length; actor += 2)
        if (fibers[*actor] != NULL)
            *actor = (uint8_t)(fibers[*actor]->order - 1);
}

enum { SCHEDULE_SIZE = 2 * SHARED_TRACE };

uint8_t *finding_schedules(void) {
    return (uint8_t *)shared + SHARED_SIZE - (size_t)SHARED_FINDINGS * SCHEDULE_SIZE;
}

static void keep_schedule(struct shared_finding *slot) {
    uint8_t *pairs;
    slot->schedule_length = execution_schedule(&pairs);
    size_t size = 2 * (size_t)slot->schedule_length;
    uint8_t *copy = finding_schedules() + (slot - shared->findings) * SCHEDULE_SIZE;
    memcpy(copy, pairs, size);
    renumber(copy, slot->schedule_length);
    slot->raced = (int32_t)clocks->raced;
    slot->schedule_offset = (uint64_t)((uintptr_t)copy - SHARED_ADDRESS);
    if (slot != &shared->findings[0])
        return;
    memcpy(control->schedule, pairs, size);
    control->schedule_length = slot->schedule_length;
}

void finding_keep(const struct shared_finding *finding) {
    arena_lock(&control->arena);
    if (shared->finding_count < SHARED_FINDINGS && !is_known(finding)) {
        struct shared_finding *slot = &shared->findings[shared->finding_count];
        *slot = *finding;
        slot->execution = shared->counts.executions + 1;
        keep_schedule(slot);
        shared->finding_count++;
    }
    arena_unlock(&control->arena);
}

/* The trace shows a shorter schedule of the same failure; which execution found it, and under which
 * schedule, stays. */
void finding_renew(const struct shared_finding *finding) {
    struct shared_finding *slot = &shared->findings[0];
    int64_t found_by = slot->execution;
    if (shared->finding_count == 0)
        shared->finding_count = 1;
    *slot = *finding;
    slot->execution = found_by;
    keep_schedule(slot);
}
