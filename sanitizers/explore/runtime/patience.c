/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * A thread waits from the step on behind which its next one has a guard (a lock, a semaphore...), until it makes that
 * step. By hand it waits in a loop whose steps change nothing: it *spins* when its own state (registers, stack, what it is
 * about to do) comes round by such steps alone (Brent's algorithm, BIT 20, 1980), and waits until a step of its own
 * changes something. It is passed when another takes what its guard looks at, or changes what it reads in its loop: the
 * first change since it looked, as a lock that is given back and taken again before it has looked is one that went to
 * somebody else.
 *
 * How often it was passed in this wait, and how far it is in its loop, is part of the state as long as somebody asks. So
 * a search over states tries every number up to the one that was granted with every state: if none comes beyond it, no
 * execution does, and the largest that it came to is the bound. (What goes first of all steps, a thread's first and
 * last, takes nothing and is waited for by nobody who is passed; that it comes early only makes waits longer.) Of a search by
 * executions this is not true, as it tries one order of the steps that commute: among others one in which
 * a thread begins to wait late.
 *
 * A wait has no end if it comes by a state in which it was, but for that number: then what lies between can be repeated.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/patience.h"
#include "explore/runtime/recur.h"
#include "explore/runtime/store_buffer.h"

/* Of the step that just ended. */
static bool is_quiet(const struct fiber *fiber) {
    const struct event *event = &execution.event;
    if (event->alternatives > 1 || event->op.kind == OP_START ||
        fiber->writes != fiber->patience.writes)
        return false;
    for (int i = 0; i < event->op.access_count; i++) {
        const struct access *access = &event->op.access[i];
        if (access->need > 0 || (access->mode != MODE_READ && (fiber->flags & STEP_SAME) == 0))
            return false;
    }
    return true;
}

static void begin_anew(struct patience *patience) {
    patience->spins = patience->tried = false;
    patience->made = patience->length = patience->at = patience->count = 0;
    patience->power = 1;
    memset(patience->own, 0, sizeof patience->own);
    memset(patience->objects, 0, sizeof patience->objects);
    memset(patience->bytes, 0, sizeof patience->bytes);
    patience->any = false;
}

static void read_objects(struct patience *patience, const struct op *op) {
    for (int i = 0; i < op->access_count; i++) {
        int at = 0;
        while (at < patience->count && patience->objects[at] != op->access[i].object)
            at++;
        if (at == PATIENCE_OBJECTS) {
            patience->any = true;
            continue;
        }
        patience->objects[at] = op->access[i].object;
        patience->bytes[at] |= op->access[i].bytes;
        patience->count += at == patience->count;
    }
}

/* It spins: is it where it was a round ago? */
static bool is_on_its_way(struct patience *patience, uint64_t own) {
    patience->at = (patience->at + 1) % patience->length;
    return patience->own[patience->at] == own;
}

/* One step more, on the way to a state of its own that comes round. `own` has the latest, the first of them in place 0. */
static void look_for_round(struct patience *patience, uint64_t own) {
    if (patience->made > 0 && own == patience->anchor) {
        patience->spins = true;
        patience->length = patience->made < PATIENCE_OWN ? patience->made : 0;
        patience->at = patience->made = 0;
        return;
    }
    if (patience->made == patience->power) {
        begin_anew(patience);
        patience->power = 2 * patience->power;
    }
    if (patience->made == 0)
        patience->anchor = own;
    if (patience->made < PATIENCE_OWN)
        patience->own[patience->made] = own;
    patience->made++;
}

void patience_moved(struct fiber *fiber) {
    struct patience *patience = &fiber->patience;
    if (fiber->buffer_of != NULL)
        return;
    bool quiet = is_quiet(fiber);
    patience->tried = false;
    patience->writes = fiber->writes;
    if (!quiet) {
        fiber->passed = 0;
        begin_anew(patience);
        patience->wait_from = execution.index;
        return;
    }
    read_objects(patience, &execution.event.op);
    if (fiber->state != FIBER_READY)
        return;
    uint64_t own = recur_own_hash(fiber);
    if (patience->spins && (patience->length == 0 || is_on_its_way(patience, own)))
        return;
    if (patience->spins)
        begin_anew(patience);
    look_for_round(patience, own);
}

bool patience_is_tried(struct fiber *fiber, const struct fiber *other) {
    struct patience *patience = &fiber->patience;
    if (!patience->spins || patience->tried || other == fiber || other->buffer_of == fiber ||
        (other->flags & STEP_SAME) != 0)
        return false;
    for (int i = 0; i < execution.event.op.access_count && !patience->tried; i++) {
        const struct access *access = &execution.event.op.access[i];
        if (access->mode == MODE_READ)
            continue;
        for (int at = 0; at < patience->count; at++)
            patience->tried |= patience->any || access->mode == MODE_ALL ||
                               (patience->objects[at] == access->object &&
                                (patience->bytes[at] & access->bytes) != 0);
    }
    return patience->tried;
}

struct fingerprint patience_print(const struct fiber *fiber) {
    const struct patience *patience = &fiber->patience;
    struct {
        uint64_t own[PATIENCE_OWN], objects[PATIENCE_OBJECTS], anchor;
        int32_t passed, made, power, length, at, id;
        uint8_t bytes[PATIENCE_OBJECTS], spins, tried, any, rest[5];
    } all;
    memset(&all, 0, sizeof all);
    memcpy(all.own, patience->own, sizeof all.own);
    memcpy(all.objects, patience->objects, sizeof all.objects);
    memcpy(all.bytes, patience->bytes, sizeof all.bytes);
    all.anchor = patience->made > 0 || patience->spins ? patience->anchor : 0;
    all.passed = fiber->passed;
    all.made = patience->made;
    all.power = patience->spins ? 0 : patience->power;
    all.length = patience->length;
    all.at = patience->at;
    all.id = fiber->id;
    all.spins = patience->spins;
    all.tried = patience->tried;
    all.any = patience->any;
    return fingerprint_of(&all, sizeof all, 1);
}

/* Of one execution, which is traced. */
static struct passing {
    uint64_t whole;
    int index, waiter;
} passings[1 << 10];
static int passing_count;

int patience_round(struct fiber *fiber) {
    enum { MOST = sizeof passings / sizeof *passings };
    if (!lasting->traced)
        return 0;
    store_buffer_hide(self); /* as recur.c does */
    uint64_t whole = recur_whole_hash();
    int round = 0;
    for (int i = 0; i < passing_count; i++)
        if (passings[i].waiter == fiber->id && passings[i].whole == whole &&
            passings[i].index >= fiber->patience.wait_from)
            round = execution.index - passings[i].index;
    if (passing_count < MOST)
        passings[passing_count++] = (struct passing){whole, execution.index, fiber->id};
    return round;
}
