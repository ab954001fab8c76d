/* SPDX-License-Identifier: MIT */
/*
 * Operations that do not depend on each other have no order, so no time flows between them: what a
 * clock shows is the same in all executions that differ in their order alone. How a step came out
 * decides what it depends on (step_amend), so its time is settled when somebody asks, or at its end.
 *
 * As long as all clocks stand at 0 nothing has to be remembered.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/execution.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/hash.h"
#include "explore/runtime/memory.h"

enum { FLOW_BUCKETS = 256, FLOW_BYTES = 8 };

/* The latest access of each mode to each byte of a granule; of other objects, to the first. */
struct flow_object {
    uint64_t key;
    struct flow_object *next;
    uint64_t latest[MODE_ALL + 1][FLOW_BYTES];
};

static bool flows; /* some clock is not 0 */
static struct flow_object *flow_objects[FLOW_BUCKETS];
static uint64_t latest_of_any, latest_with_all;
static int settled = -1;    /* the step whose time is known... */
static uint64_t settled_at; /* ... and this time */

static struct flow_object *flow_object(uint64_t key) {
    struct flow_object **bucket = &flow_objects[(key * UINT64_C(0x9e3779b97f4a7c15)) >> 56];
    struct flow_object *object = *bucket;
    while (object != NULL && object->key != key)
        object = object->next;
    if (object == NULL) {
        object = memory_scratch(sizeof *object);
        *object = (struct flow_object){.key = key, .next = *bucket};
        *bucket = object;
    }
    return object;
}

static void later(uint64_t *time, uint64_t other) {
    if (*time < other)
        *time = other;
}

/* For the search an atomic block may conflict with everything; time flows to it from other blocks, and along what is done
 * in it. */
static enum mode mode_of(const struct op *op, int i) {
    return op->kind == OP_ATOMIC ? MODE_WRITE : (enum mode)op->access[i].mode;
}

static bool flows_with_all(const struct op *op) {
    return op->kind != OP_ATOMIC && op_conflicts_with_all(op);
}

static uint64_t access_time(const struct op *op, int i) {
    const struct access *access = &op->access[i];
    const struct flow_object *object = flow_object(access->object);
    enum mode own = mode_of(op, i);
    uint64_t time = 0;
    for (int mode = 0; mode < MODE_ALL; mode++)
        for (int byte = 0; byte < FLOW_BYTES; byte++)
            if ((access->bytes >> byte & 1) != 0 && (mode != (int)own || mode == MODE_WRITE))
                later(&time, object->latest[mode][byte]);
    return time;
}

static void settle_with(const struct op *op) {
    uint64_t time = flows_with_all(op) ? latest_of_any : latest_with_all;
    for (int i = 0; i < op->access_count; i++)
        if (mode_of(op, i) != MODE_ALL)
            later(&time, access_time(op, i));
    later(&self->clock, time);
    settled_at = self->clock;
}

/* The step in progress is not earlier than what it depends on. */
static void settle(void) {
    if (settled == execution.index)
        return;
    settled = execution.index;
    settled_at = self->clock;
    if (!flows)
        return;
    settle_with(&execution.event.op);
}

void flow_to(uint64_t time) {
    if (exploring)
        settle();
    if (self->clock >= time)
        return;
    self->clock = time;
    flows = true;
}

uint64_t flow_now(void) {
    if (exploring)
        settle();
    return self->clock;
}

void flow_woken(struct fiber *fiber) {
    settle();
    if (fiber->clock < self->clock)
        fiber->clock = self->clock;
}

static void remember(const struct op *op, int i) {
    const struct access *access = &op->access[i];
    struct flow_object *object = flow_object(access->object);
    for (int byte = 0; byte < FLOW_BYTES; byte++)
        if ((access->bytes >> byte & 1) != 0)
            later(&object->latest[mode_of(op, i)][byte], settled_at);
}

static void remember_all(const struct op *op) {
    for (int i = 0; i < op->access_count; i++)
        if (mode_of(op, i) != MODE_ALL)
            remember(op, i);
    later(&latest_of_any, settled_at);
    if (flows_with_all(op))
        later(&latest_with_all, settled_at);
}

void flow_within(const struct op *op) {
    if (!flows || !exploring)
        return;
    settle();
    settle_with(op);
    remember_all(op);
}

void flow_step_ends(void) {
    if (!flows)
        return;
    settle();
    remember_all(&execution.event.op);
}

/* In whatever order the objects were met. */
uint64_t flow_hash(uint64_t hash) {
    const uint64_t latest[2] = {latest_of_any, latest_with_all};
    uint64_t sum = hash_bytes(hash, latest, sizeof latest);
    for (int i = 0; i < FLOW_BUCKETS; i++)
        for (const struct flow_object *object = flow_objects[i]; object != NULL;
             object = object->next)
            sum += hash_bytes(hash ^ object->key, object->latest, sizeof object->latest);
    return sum;
}
