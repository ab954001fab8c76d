/* SPDX-License-Identifier: MIT */
/*
 * The kernel as a fiber sees it: operations, choices, sleep. Everything here runs on the fiber's
 * stack and ends in enter_kernel(), which comes back when the fiber may go on.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/fiber.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/now.h"
#include "report/report.h"

/* gdb stops here, on the stack of the thread whose step it is: `hazard replay --gdb`. */
EXPORT __attribute__((noinline)) void hazard_breakpoint(int step_number);
EXPORT __attribute__((noinline)) void hazard_breakpoint(int step_number) {
    __asm__ volatile("" : : "r"(step_number) : "memory");
}

void stop_for_debugger(void) {
    if (lasting->traced && shared->config.bound == now.index + 1)
        hazard_breakpoint(now.index + 1);
}

static void enter_kernel(enum request what) {
    struct fiber *fiber = self;
    now.request = what;
    char here;
    if (&here < fiber->lowest)
        fiber->lowest = &here;
    context_enter(&fiber->sp, lasting->sp, kernel_serve);
    if (what != REQUEST_CHOOSE)
        stop_for_debugger();
}

/* Its guards are looked at no more. */
static void unguard(struct fiber *fiber) {
    for (int i = 0; i < fiber->pending.access_count && fiber->guarded; i++)
        if (fiber->objects[i] != NULL)
            fiber->objects[i]->waiters[fiber->id / 64] &= ~(UINT64_C(1) << fiber->id % 64);
    fiber->guarded = false;
}

void apply_pending(struct fiber *fiber) {
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

void set_pending(struct fiber *fiber, const struct op *op) {
    unguard(fiber); /* it may have waited for something else (cancellation) */
    fiber->pending = *op;
    fiber->state = FIBER_READY;
    fiber_changed(fiber);
    resolve(fiber);
}

void step(const struct op *op, const void *address, uintptr_t pc) {
    set_pending(self, op);
    self->address = (uint64_t)(uintptr_t)address;
    self->pc = pc;
    if (exploring)
        enter_kernel(REQUEST_STEP);
    else
        apply_pending(self);
    self->waits = NULL;
}

/* Amends the event in progress, which is the caller's. */
void step_amend(int index, enum mode mode, int32_t delta) {
    struct object *object = self->objects[index];
    struct access *access = exploring ? &now.event.op.access[index] : &self->pending.access[index];
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

void step_same(void) {
    self->flags |= STEP_SAME;
}

void step_value(uint64_t value) {
    self->value = value;
    self->flags |= STEP_HAS_VALUE;
}

int choose(int n, int kind) {
    if (!exploring || n <= 1)
        return 0;
    now.choose_count = n;
    now.choose_kind = kind;
    enter_kernel(REQUEST_CHOOSE);
    return now.event.alternative;
}

bool fall_asleep(bool timed, uint64_t deadline) {
    struct fiber *fiber = self;
    if (!exploring)
        unsupported(fiber->pc, "waits before main");
    fiber->timed = timed;
    fiber->timed_out = false;
    fiber->deadline = deadline;
    fiber->state = FIBER_ASLEEP;
    fiber_changed(fiber);
    enter_kernel(REQUEST_SLEEP);
    fiber->waits = NULL;
    return !fiber->timed_out;
}

void wake(struct fiber *fiber, const struct op *next) {
    set_pending(fiber, next);
    fiber->enabled_by = now.index;
    fiber->timed = false;
}

_Noreturn void leave(enum ending how) {
    now.over = true;
    now.ending = how;
    for (;;)
        enter_kernel(REQUEST_OVER);
}

_Noreturn void fiber_end(void) {
    self->state = FIBER_ENDED;
    fiber_changed(self);
    for (;;)
        enter_kernel(REQUEST_SLEEP);
}

_Noreturn void execution_exit(int status) {
    now.exited = true;
    now.exit_status = control->exit_status = status & 0xff;
    leave(END_COMPLETE);
}

_Noreturn void found(const struct shared_finding *finding) {
    struct shared_finding copy = *finding;
    if (exploring) {
        fail(&copy);
        leave(now.ending);
    }
    unsupported(0, "before main: %s", finding->message);
}

/* A race that was only noted is traced to where it happens, as if it had ended the execution;
 * but what is replayed shall go on. */
void found_note(const struct shared_finding *finding) {
    if (exploring && control->phase == PHASE_SEARCH)
        finding_keep(finding);
    else if (exploring && !shared->config.trace && finding_alike(finding, &shared->findings[0]))
        found(finding);
}

_Noreturn void kernel_crash(const char *what, uintptr_t pc) {
    struct shared_finding finding;
    finding_start(&finding, KIND_CRASH, "%s", what);
    finding_at(&finding, self->id, self->stack, pc, "crashed here", NULL);
    found(&finding);
}

void kernel_touched(void) {
    lasting->touched = true;
}

void search_restart(void) {
    __atomic_store_n(&control->again, 1, __ATOMIC_RELAXED);
}
