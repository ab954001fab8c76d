/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * dispatch_before() runs between the program's call and the library's function, on the caller's stack.
 * What the table says of the caller's memory is checked for races and heap errors; the few
 * functions
 * that have a call_check have their arguments looked at; what hidden state the function works on
 * becomes one step (OP_CALL), which the search may put off; then the function runs. As nobody else
 * moves between a step and the next one, the function is atomic and stands where its step stands.
 *
 * What is known only when the function has returned (how much it wrote) is checked then. Such a
 * write, to memory where races are tolerated, would be announced too late; so there the step before
 * the call conflicts with everything.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/audit/follow.h"
#include "explore/runtime/audit/libraries.h"
#include "explore/runtime/calls/checks.h"
#include "explore/runtime/calls/dispatch.h"
#include "explore/runtime/calls/effect.h"
#include "explore/runtime/calls/format.h"
#include "explore/runtime/calls/hidden.h"
#include "explore/runtime/calls/patch.h"
#include "explore/runtime/calls/spec.h"
#include "explore/runtime/calls/stream.h"
#include "explore/runtime/calls/stream_lock.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/calls/takes.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hash.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/step.h"
#include "explore/runtime/unhooked.h"
#include "explore/runtime/worker.h"
#include "explore/runtime/world/cancel.h"

uintptr_t dispatch_before(struct call_frame *frame);
uintptr_t dispatch_after(uint64_t result, uintptr_t slot);
void trampoline_return(void);
void trampoline_skip(void);

enum { DEPTH = 4 };

/* By actor: its calls that are to be looked at again when they have returned, the innermost last. A
 * function that calls back into the program may lead to another. */
static struct returning {
    struct visit visit;
    uint64_t argument[SPEC_ARGUMENTS];
    va_list list; /* a copy of the caller's, which the function may use up */
    uint64_t return_to;
    uint64_t returns; /* its fiber's, before */
    uintptr_t slot;   /* where the return address lies */
    struct follow follow;
} returning[OP_ACTORS][DEPTH];
static int depth[OP_ACTORS];

/* By actor: the call that we look at, 0 when the program or a library runs; and the latest call. */
static uintptr_t inside[OP_ACTORS], latest[OP_ACTORS];

uintptr_t dispatch_blame(uintptr_t pc) {
    int id = self->id;
    if (inside[id] != 0)
        return inside[id];
    return latest[id] != 0 && !patch_is_program(pc) ? latest[id] : pc;
}

/* --- a function that nobody knows ------------------------------------------------------------- */

static bool same_name(const char *slot, const char *name) {
    size_t length = 1;
    while (length < sizeof shared->unknown[0] - 1 && name[length] != '\0')
        length++;
    return memcmp(slot + 1, name + 1, length - 1) == 0 && slot[length] == '\0';
}

/* Workers share the list. A slot is taken by its first byte; the rest of the name is in place
 * before that byte is the name's own. */
static void remember(const char *name) {
    enum { TAKEN = 1, PATIENCE = 1 << 20 };
    for (int i = 0; i < SHARED_WEAK; i++) {
        char *slot = shared->unknown[i], first = '\0';
        if (__atomic_compare_exchange_n(slot, &first, TAKEN, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE)) {
            for (size_t j = 1; j < sizeof shared->unknown[i] - 1 && name[j] != '\0'; j++)
                slot[j] = name[j];
            __atomic_store_n(slot, name[0], __ATOMIC_RELEASE);
            __atomic_fetch_add(&shared->unknown_count, 1, __ATOMIC_ACQ_REL);
            return;
        }
        for (int j = 0; first == TAKEN && j < PATIENCE; j++)
            first = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
        if (first == name[0] && same_name(slot, name))
            return;
    }
}

static void enter_unknown(struct visit *visit) {
    remember(visit->call->name);
    visit_all(visit);
    rewind_all();
    worker_touched();
}

/* --- before the call -------------------------------------------------------------------------- */

static void check_memory(struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    for (int i = 0; i < spec->effect_count; i++)
        if (!spec->effects[i].after)
            effect_apply(visit, &spec->effects[i]);
    if (spec->format == FORMAT_PRINTF || spec->format == FORMAT_WIDE_PRINTF)
        format_printf(visit);
}

static void check_state(struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    for (int i = 0; i < spec->read_count; i++)
        hidden_touch(visit, (enum hidden)spec->reads[i], false);
    for (int i = 0; i < spec->write_count; i++)
        hidden_touch(visit, (enum hidden)spec->writes[i], true);
    if (spec->file != FILE_NONE)
        stream_use(visit);
    if (spec->all)
        visit_all(visit);
    if (spec->touched)
        worker_touched();
    if (spec->rewind)
        rewind_all();
}

static void check_special(struct visit *visit) {
    static void (*const checks[])(struct visit *) = {NULL,
#define X(name) check_##name,
                                                     CHECKS(X)
#undef X
    };
    if (visit->call->spec.check != CHECK_none)
        checks[visit->call->spec.check](visit);
}

static bool is_followed(const struct visit *visit) {
    return visit->call->spec.follow || visit->memory;
}

static bool has_after(const struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    for (int i = 0; i < spec->effect_count; i++)
        if (spec->effects[i].after)
            return true;
    return spec->format == FORMAT_SCANF || is_followed(visit);
}

/* Its part in memory where races are tolerated must not stand apart from the rest of it. */
static bool is_spread(const struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    return clocks->raced > 0 &&
           (has_after(visit) || /* also of what is followed */
            (visit->op.access_count > 0 &&
             (spec->effect_count > 0 || spec->format != FORMAT_NONE || spec->check != CHECK_none)));
}

/* As long as there was never another thread nobody can tell when a call is made: of many, most are no steps. Some are,
 * so that who calls for ever is seen to go in circles. */
static bool is_early(const struct fiber *fiber) {
    enum { FIRST = 256, EACH = 256 };
    static uint32_t calls;
    return fiber->id == 0 && fiber->children == 0 && fiber->buffered == 0 && ++calls > FIRST &&
           calls % EACH != 0;
}

/* How many of the registers for numbers in floating point hold some that the function takes, at most. */
static size_t vectors_taken(const struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    bool any_number = spec->format != FORMAT_NONE && !spec->format_list; /* then al says it */
    size_t said = visit->frame->rax & 0xff, all = sizeof visit->frame->vector / 16;
    if (visit->call->takes != TAKES_UNKNOWN)
        return 0;
    return any_number && said < all ? said : all;
}

/* What this call is from here on, to whoever compares states: where it came from and what it was given, as
 * the registers and this frame say (not those of ours below it), and what was made of it so far. */
static void say_rest(const struct visit *visit, uint32_t rest) {
    struct call_frame *frame = visit->frame;
    int takes = visit->call->takes;
    size_t words = takes == TAKES_UNKNOWN ? SPEC_ARGUMENTS : (size_t)takes;
    frame->taken = (struct call_taken){
        .act = (uintptr_t)visit->act, .skip = visit->skip, .result = visit->result};
    memcpy(frame->taken.argument, frame->argument, words * sizeof *frame->argument);
    memcpy(frame->taken.vector, frame->vector, vectors_taken(visit) * sizeof *frame->vector);
    step_rest((char *)&frame->taken, rest);
}

static void enter(struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    if (spec->refuse && !(control_by_hand && visit_is_alone()))
        visit_refuse_as_table_says(visit);
    if (spec->world)
        visit_refuse(visit, SAY_NOT_MODELLED);
    if (spec->cancel || (spec->may_cancel && !stream_is_memory(visit))) {
        bool perhaps = spec->may_cancel && !stream_writes(visit);
        say_rest(visit, 1 + perhaps);
        cancel_call(perhaps, visit->pc);
        step_rest(NULL, 0); /* if that was no step */
    }
    check_memory(visit);
    check_state(visit);
    check_special(visit);
    if (visit->call->unknown)
        enter_unknown(visit);
    if (is_spread(visit))
        visit_all(visit);
    stream_lock_guard(visit);
    if (visit->op.access_count > 0 && !is_early(self)) {
        say_rest(visit, 3);
        step(&visit->op, visit->object, visit->pc);
    }
    stream_lock_passed(visit);
    if (visit->act != NULL)
        visit->act(visit);
}

/* A place for one more. Those that were left by a jump lie deeper in the stack than it. */
static struct returning *push(const struct visit *visit, uintptr_t slot) {
    int *count = &depth[self->id];
    while (*count > 0 && returning[self->id][*count - 1].slot <= slot)
        self->returns = returning[self->id][--*count].returns;
    if (*count == DEPTH)
        visit_refuse(visit, SAY_CALLS_BACK);
    return &returning[self->id][(*count)++];
}

static void follow(const struct visit *visit, struct returning *later) {
    const struct spec *spec = &visit->call->spec;
    later->follow = (struct follow){
        .name = visit->call->name,
        .library = libraries_name(visit->call->real),
        .pc = visit->pc,
        .frame = later->slot,
        .hides =
            spec->read_count + spec->write_count > 0 || spec->file != FILE_NONE || visit->memory,
        .memory = visit->memory,
        .synchronises = visit->call->unknown,
    };
    if (spec->file != FILE_NONE)
        stream_own(visit, &later->follow);
    if (visit->call->unknown)
        unhooked_call(visit->pc, visit->call->name, later->follow.library);
    follow_begin(&later->follow);
}

/* Has the function return to us. */
static void intercept(const struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    struct call_frame *frame = visit->frame;
    struct returning *later = push(visit, (uintptr_t)&frame->return_to);
    later->slot = (uintptr_t)&frame->return_to;
    later->follow.active = false;
    later->visit = *visit;
    memcpy(later->argument, frame->argument, sizeof later->argument);
    if (spec->format == FORMAT_SCANF && spec->format_list)
        format_list(visit, later->list);
    later->return_to = frame->return_to;
    later->returns = self->returns;
    self->returns = hash_bytes(self->returns, &later->return_to, sizeof later->return_to);
    frame->return_to = (uintptr_t)trampoline_return;
    follow_set(&later->follow);
    /* A debugger takes the trap after each instruction for its own, and stops there. */
    if (is_followed(visit) && !control_in_debugger() && !(control_by_hand && visit_is_alone()))
        follow(visit, later);
}

uintptr_t dispatch_before(struct call_frame *frame) {
    const struct call *call = &patch_calls[frame->index];
    if (!exploring)
        return call->real;
    const struct follow *caller = follow_caller(frame->return_to);
    struct visit visit = {
        .call = call,
        .frame = frame,
        .pc = caller != NULL ? caller->pc : frame->return_to,
        .followed = caller != NULL,
        .argument = frame->argument,
        .op = {.kind = OP_CALL},
    };
    latest[self->id] = inside[self->id] = visit.pc;
    if (visit.followed)
        check_memory(&visit);
    else
        enter(&visit);
    inside[self->id] = 0;
    if (visit.skip) {
        frame->rax = visit.result;
        return (uintptr_t)trampoline_skip;
    }
    if (has_after(&visit))
        intercept(&visit);
    return call->real;
}

/* --- after it --------------------------------------------------------------------------------- */

/* The innermost call whose return address lay there, and its end. */
static struct returning *pop(uintptr_t slot) {
    int *count = &depth[self->id];
    while (*count > 1 && returning[self->id][*count - 1].slot < slot)
        --*count;
    --*count;
    self->returns = returning[self->id][*count].returns;
    follow_set(*count > 0 ? &returning[self->id][*count - 1].follow : NULL);
    return &returning[self->id][*count];
}

uintptr_t dispatch_after(uint64_t result, uintptr_t slot) {
    struct returning now = *pop(slot);
    struct visit *visit = &now.visit;
    const struct spec *spec = &visit->call->spec;
    visit->argument = now.argument;
    visit->after = true;
    visit->result = result;
    inside[self->id] = visit->pc;
    unhooked_leave();
    if (spec->format == FORMAT_SCANF) {
        if (!spec->format_list)
            format_list(visit, now.list);
        format_scanf(visit, now.list);
    }
    for (int i = 0; i < spec->effect_count; i++)
        if (spec->effects[i].after)
            effect_apply(visit, &spec->effects[i]);
    stream_made(visit);
    stream_lock_left(visit);
    inside[self->id] = 0;
    return now.return_to;
}
