/* SPDX-License-Identifier: MIT */
/*
 * The kernel as a fiber sees it: operations, choices, sleep. Everything here runs on the fiber's
 * stack and ends in enter_kernel(), which comes back when the fiber may go on.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/context.h"
#include "explore/runtime/control.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/kernel.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/object.h"
#include "explore/runtime/pending.h"
#include "explore/runtime/step.h"
#include "explore/runtime/store_buffer.h"
#include "explore/runtime/unsupported.h"
#include "explore/search/search.h"

/* gdb stops here, on the stack of the thread whose step it is: `hazard replay --gdb`. */
EXPORT __attribute__((noinline)) void hazard_breakpoint(int step_number);
EXPORT __attribute__((noinline)) void hazard_breakpoint(int step_number) {
    __asm__ volatile("" : : "r"(step_number) : "memory");
}

void step_stop_for_debugger(void) {
    if (lasting->traced && shared->config.bound == execution.index + 1)
        hazard_breakpoint(execution.index + 1);
}

static void enter_kernel(enum request what) {
    struct fiber *fiber = self;
    execution.request = what;
    char here; /* on the signal stack, if a signal ends the execution */
    if (&here < fiber->lowest && fiber_is_on_stack((uintptr_t)&here))
        fiber->lowest = &here;
    context_enter(&fiber->sp, lasting->sp, kernel_serve);
    if (what != REQUEST_CHOOSE)
        step_stop_for_debugger();
}

void step_rest(char *hook, uint32_t rest) {
    self->hook = hook;
    self->rest = rest;
}

static void announce(const struct op *op, const void *address, uintptr_t pc) {
    pending_set(self, op);
    self->address = (uint64_t)(uintptr_t)address;
    self->pc = pc;
    if (exploring)
        enter_kernel(REQUEST_STEP);
    else
        pending_apply(self);
    step_rest(NULL, 0);
}

static void drain(int count, uintptr_t pc) {
    const struct op op = store_buffer_drain(count);
    announce(&op, NULL, pc);
    store_buffer_drained(count);
}

void step(const struct op *op, const void *address, uintptr_t pc) {
    char *first = hook_take_frame(), *hook = first != NULL ? first : self->hook;
    uint32_t rest = self->rest;
    step_rest(hook, rest);
    if (self->buffered != 0 && store_buffer_stops(op)) {
        drain(self->buffered, pc);
        step_rest(hook, rest);
    }
    announce(op, address, pc);
    self->waits = SAY_NOTHING;
}

void step_drain(int left, uintptr_t pc) {
    if (self->buffered <= left)
        return;
    step_rest(hook_frame, 0);
    drain(self->buffered - left, pc);
}

/* Amends the event in progress, which is the caller's. */
void step_amend(int index, enum mode mode, int32_t delta) {
    struct object *object = self->objects[index];
    struct access *access =
        exploring ? &execution.event.op.access[index] : &self->pending.access[index];
    if (object != NULL) {
        object->state += delta - access->delta;
        object_changed(object);
    }
    access->mode = (uint8_t)mode;
    access->delta = delta;
    if (mode == MODE_READ)
        access->need = 0;
}

void step_failed(void) {
    self->flags |= STEP_FAILED;
}

void step_unordered(void) {
    execution.unordered = true;
}

void step_asks_end(void) {
    execution.ends_asked = true;
}

void step_refused(void) {
    step_unordered();
    step_failed();
}

void step_same(void) {
    self->flags |= STEP_SAME;
}

void step_value(uint64_t value) {
    self->value = value;
    self->flags |= STEP_HAS_VALUE;
}

int step_choose(int n, int kind) {
    if (!exploring || n <= 1)
        return 0;
    execution.choose_count = n;
    execution.choose_kind = kind;
    enter_kernel(REQUEST_CHOOSE);
    return execution.event.alternative;
}

bool step_sleep(bool timed, uint64_t deadline) {
    struct fiber *fiber = self;
    if (!exploring)
        unsupported(fiber->pc, SAY_WAITS_BEFORE_MAIN);
    fiber->timed = timed;
    fiber->timed_out = false;
    fiber->deadline = deadline;
    fiber->state = FIBER_ASLEEP;
    fiber_changed(fiber);
    enter_kernel(REQUEST_SLEEP);
    step_rest(NULL, 0);
    fiber->waits = SAY_NOTHING;
    if (fiber->timed_out)
        flow_to(deadline);
    return !fiber->timed_out;
}

void step_wake(struct fiber *fiber, const struct op *next) {
    pending_set(fiber, next);
    fiber->enabled_by = execution.index;
    flow_woken(fiber);
    fiber->timed = false;
}

_Noreturn void step_leave(enum ending how) {
    execution.over = true;
    execution.ending = how;
    for (;;)
        enter_kernel(REQUEST_OVER);
}

_Noreturn void step_end_fiber(void) {
    self->state = FIBER_ENDED;
    fiber_changed(self);
    for (;;)
        enter_kernel(REQUEST_SLEEP);
}

_Noreturn void step_exit(int status) {
    execution.exited = true;
    execution.exit_status = control->exit_status = status & 0xff;
    step_leave(END_COMPLETE);
}
