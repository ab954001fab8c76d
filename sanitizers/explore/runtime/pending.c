/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/object.h"
#include "explore/runtime/pending.h"

/* Its guards are looked at no more. */
static void unguard(struct fiber *fiber) {
    for (int i = 0; i < fiber->pending.access_count && fiber->guarded; i++)
        if (fiber->objects[i] != NULL)
            fiber->objects[i]->waiters[fiber->id / 64] &= ~(UINT64_C(1) << fiber->id % 64);
    fiber->guarded = false;
}

void pending_apply(struct fiber *fiber) {
    unguard(fiber);
    for (int i = 0; i < fiber->pending.access_count; i++)
        if (fiber->objects[i] != NULL) {
            fiber->pending.access[i].before = fiber->objects[i]->state;
            fiber->objects[i]->state += fiber->pending.access[i].delta;
            if (fiber->pending.access[i].delta != 0)
                object_changed(fiber->objects[i]);
        }
}

/* An object is looked up only where its state matters. */
static void resolve(struct fiber *fiber) {
    bool guarded = false;
    for (int i = 0; i < fiber->pending.access_count; i++) {
        const struct access *access = &fiber->pending.access[i];
        bool guard = access->need > 0 && access->need != OP_QUIET;
        bool stateful = (access->need != 0 && access->need != OP_QUIET) || access->delta != 0;
        fiber->objects[i] = stateful ? object_find(access->object) : NULL;
        if (guard)
            fiber->objects[i]->waiters[fiber->id / 64] |= UINT64_C(1) << fiber->id % 64;
        guarded = guarded || guard;
    }
    fiber->guarded = guarded;
}

void pending_set(struct fiber *fiber, const struct op *op) {
    unguard(fiber); /* it may have waited for something else (cancellation) */
    fiber->pending = *op;
    fiber->state = FIBER_READY;
    fiber_changed(fiber);
    resolve(fiber);
}
