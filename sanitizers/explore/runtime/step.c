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
#include "explore/runtime/finding.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/judge.h"
#include "explore/runtime/kernel.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/object.h"
#include "explore/runtime/pending.h"
#include "explore/runtime/step.h"
#include "explore/runtime/store_buffer.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/worker.h"
#include "explore/search/search.h"
#include "report/kind.h"

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

/* ---- Within an atomic block, which is one step ----------------------------------------------- */

_Noreturn static void fail_within(struct message_part what, uintptr_t pc) {
    struct shared_finding finding;
    finding_start(&finding, KIND_API_MISUSE);
    message_add(&finding.message, PART(SAY_THREAD, self->number));
    message_add(&finding.message, what);
    finding_at(&finding, self->id, self->stack, pc, DOING(what));
    judge_fail(&finding);
    step_leave(execution.ending);
}

/* Until it is seen that a block does more, it is a step that only other blocks conflict with. */
void step_is_whole(void) {
    const struct strategy *strategy = control->strategy;
    if (control->phase != PHASE_SEARCH || !strategy->exhaustive || strategy->states ||
        control->facts.atomic_whole != 0)
        return;
    control->learnt.atomic_whole = 1;
    worker_search_anew();
    step_leave(END_CUT);
}

/* Nothing that wakes, creates or waits for others. */
static const bool within[OP_KIND_COUNT] = {
    [OP_LOAD] = true, [OP_STORE] = true, [OP_RMW] = true,  [OP_FENCE] = true,
    [OP_READ] = true, [OP_WRITE] = true, [OP_CALL] = true, [OP_EXIT] = true,
};

/* It may have to wait for what others hold, or give others what they wait for: a call on a stream that flockfile locks. */
static bool is_guarded(const struct op *op) {
    for (int i = 0; i < op->access_count; i++)
        if (op->access[i].need != 0 || op->access[i].delta != 0)
            return true;
    return false;
}

static void happen_within(const struct op *op, const void *address, uintptr_t pc) {
    if (op->kind == OP_TICK)
        return;
    if (op->kind == OP_END)
        fail_within(PART(SAY_ENDS_WITHIN), pc);
    if (!within[op->kind] || is_guarded(op))
        unsupported(pc, SAY_NOT_WITHIN);
    step_is_whole();
    pending_set(self, op);
    self->address = (uint64_t)(uintptr_t)address;
    self->pc = pc;
    flow_within(op);
    step_unordered();
    step_rest(NULL, 0);
}

/* ---- Steps --------------------------------------------------------------------------------- */

static void announce(const struct op *op, const void *address, uintptr_t pc) {
    if (self->undivided != 0) {
        happen_within(op, address, pc);
        return;
    }
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
    struct access *access = exploring && self->undivided == 0 ? &execution.event.op.access[index]
                                                              : &self->pending.access[index];
    if (object != NULL) {
        object->state += delta - access->delta;
        object_changed(object);
    }
    access->mode = (uint8_t)mode;
    access->delta = delta;
    if (mode == MODE_READ)
        access->need = 0;
}

/* What comes of a part of an atomic block is not what came of the step. */
static void mark(uint32_t flag) {
    if (self->undivided == 0)
        self->flags |= flag;
}

void step_failed(void) {
    mark(STEP_FAILED);
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
    mark(STEP_SAME);
}

void step_value(uint64_t value) {
    if (self->undivided == 0)
        self->value = value;
    mark(STEP_HAS_VALUE);
}

int step_choose(int n, int kind) {
    if (!exploring || n <= 1)
        return 0;
    if (self->undivided != 0)
        unsupported(self->pc, SAY_CHOOSES_WITHIN);
    execution.choose_count = n;
    execution.choose_kind = kind;
    enter_kernel(REQUEST_CHOOSE);
    return execution.event.alternative;
}

bool step_sleep(bool timed, uint64_t deadline) {
    struct fiber *fiber = self;
    if (!exploring)
        unsupported(fiber->pc, SAY_WAITS_BEFORE_MAIN);
    if (fiber->undivided != 0)
        unsupported(fiber->pc, SAY_NOT_WITHIN);
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
