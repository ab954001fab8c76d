/* SPDX-License-Identifier: MIT */
/*
 * What a state is: memory that differs from the start (checkpoint.c sums it up line by line); each live stack
 * above its stack pointer, with the registers that lie there; which blocks of the heap are live; of each thread what
 * the kernel knows; the past, as far as races are concerned (past_after.c); times, once
 * somebody has looked at a clock; what the kernel of the system keeps (outside.c).
 *
 * No part of it: what only counts or explains, and how far standard output has come, which nobody can
 * see (calls/stream.c).
 */
#include "explore/runtime/base.h"

#include "explore/runtime/blocks.h"
#include "explore/runtime/context.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fingerprint.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/outside.h"
#include "explore/runtime/past_after.h"
#include "explore/runtime/patience.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/state.h"

/* In a hook the program's registers and arguments lie at its frame, and ours do not matter (step_rest). */
struct fingerprint state_of_stack(const struct fiber *fiber) {
    struct fingerprint print = {0};
    bool ends = fiber->id != 0 && fiber->gone; /* what waits in its store buffer may go first */
    if (ends || fiber->state == FIBER_ENDED)   /* no code of the program will run there */
        return print;
    const char *top = stack_of(fiber->id), *sp = fiber->hook != NULL ? fiber->hook : fiber->sp;
    if (sp >= top || sp < top - STACK_SIZE)
        return print;
    print = fingerprint_of(sp, (size_t)(top - sp), (uintptr_t)sp);
    fingerprint_add(&print, fingerprint_of(fiber->sp, CONTEXT_CONTROL, (uintptr_t)top));
    return print;
}

struct fingerprint state_of_blocks(int region) {
    struct fingerprint sum = {0};
    const struct region_books *books = &heap_books->regions[region];
    const struct block *blocks = region_blocks(region);
    bool reuses = blocks_are_reused(region); /* in the order in which they were freed */
    for (uint32_t i = 0; i < books->count; i++) {
        const struct {
            uint64_t start, size, state, next;
        } block = {blocks[i].start, blocks[i].size, blocks[i].state, reuses ? blocks[i].next : 0};
        fingerprint_add(&sum, fingerprint_of(&block, sizeof block, 0));
    }
    const uint64_t rest[2] = {books->next, reuses ? 0 : books->quarantine};
    fingerprint_add(&sum, fingerprint_of(rest, sizeof rest, (uint64_t)region));
    if (reuses)
        fingerprint_add(&sum, fingerprint_of(books->freed, sizeof books->freed, (uint64_t)region));
    return sum;
}

static struct fingerprint of_fiber(const struct fiber *fiber) {
    struct {
        uint64_t object[OP_ACCESSES], clock, deadline, returns;
        int32_t need[OP_ACCESSES], delta[OP_ACCESSES];
        uint32_t rest;
        uint16_t children;
        uint8_t mode[OP_ACCESSES], bytes[OP_ACCESSES];
        uint8_t id, kind, count, state, timed, timed_out, detached, gone;
    } all;
    memset(&all, 0, sizeof all);
    all.id = fiber->id;
    all.state = fiber->state;
    bool thread = fiber->buffer_of == NULL; /* else what it will do lies in the buffer */
    if (thread && (fiber->state == FIBER_READY || fiber->state == FIBER_ASLEEP)) {
        all.children = fiber->children;
        all.timed = fiber->timed;
        all.timed_out = fiber->timed_out;
        all.detached = fiber->detached;
        all.returns = fiber->returns;
        all.rest = fiber->rest;
        if (control->facts.times != 0) {
            all.clock = fiber->clock;
            bool ends = fiber->state == FIBER_READY && fiber->pending.kind == OP_TIMEOUT;
            all.deadline = fiber->timed || ends ? fiber->deadline : 0;
        }
    }
    if (thread && fiber->state == FIBER_READY) {
        const struct op *op = &fiber->pending;
        all.kind = op->kind;
        all.count = op->access_count;
        for (int i = 0; i < op->access_count; i++) {
            all.object[i] = op->access[i].object;
            all.need[i] = op->access[i].need;
            all.delta[i] = op->access[i].delta;
            all.mode[i] = op->access[i].mode;
            all.bytes[i] = op->access[i].bytes;
        }
    }
    return fingerprint_of(&all, sizeof all, 0);
}

struct fingerprint state_print(struct fingerprint memory) {
    struct fingerprint sum = memory;
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL)
            fingerprint_add(&sum, of_fiber(fibers[id]));
    for (int id = 0; id < fiber_count && shared->config.overtaking > 0; id++)
        if (fibers[id] != NULL && fibers[id]->buffer_of == NULL)
            fingerprint_add(&sum, patience_print(fibers[id]));
    fingerprint_add(&sum, past_after_print());
    if (control->facts.times != 0)
        fingerprint_add(&sum, fingerprint_pair(flow_hash(1), flow_hash(2)));
    uint64_t outside = outside_hash(1);
    if (outside != 1)
        fingerprint_add(&sum, fingerprint_pair(outside, outside_hash(2)));
    return sum;
}
