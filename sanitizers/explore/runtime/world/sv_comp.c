/* SPDX-License-Identifier: MIT */
/*
 * All values of an int cannot be tried. Those that are tried are the ends and what lies about 0; that they were not
 * all is noted, so that there is no proof.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/assume.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/step.h"
#include "explore/runtime/undivided.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/world/header.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/sv_comp.h"

enum { VALUES = 6 };

static void ask(const char *function, uintptr_t pc) {
    if (shared->config.sv_comp != 0)
        return;
    struct message reason = {0};
    message_add(&reason, PART(SAY_NEEDS_SV_COMP, message_quote(&reason, function)));
    unsupported_because(pc, &reason);
}

static int64_t take(const int64_t *values, int count, uintptr_t pc) {
    int64_t value = values[header_choose(count, pc)];
    step_value((uint64_t)value);
    return value;
}

static int64_t number(const char *function, int64_t least, int64_t greatest, uintptr_t pc) {
    const int64_t values[VALUES] = {0, 1, 2, greatest, -1, least};
    ask(function, pc);
    __atomic_store_n(&shared->values_sampled, 1, __ATOMIC_RELAXED);
    return take(values, least < 0 ? VALUES : VALUES - 2, pc);
}

#define X(name, type, least, greatest)                                                             \
    type sv_comp_##name(void) {                                                                    \
        return (type)number("__VERIFIER_nondet_" #name, (least), (greatest), hook_caller);         \
    }
SV_COMP_NUMBERS(X)
#undef X

_Bool sv_comp_bool(void) {
    const int64_t values[] = {0, 1};
    uintptr_t pc = hook_caller;
    ask("__VERIFIER_nondet_bool", pc);
    return take(values, 2, pc) != 0;
}

void *sv_comp_pointer(void) {
    ask("__VERIFIER_nondet_pointer", hook_caller);
    __atomic_store_n(&shared->values_sampled, 1, __ATOMIC_RELAXED);
    return NULL;
}

void sv_comp_assume(int holds) {
    uintptr_t pc = hook_caller;
    ask("__VERIFIER_assume", pc);
    if (holds == 0)
        assume_fails(pc);
}

void sv_comp_begin(void) {
    uintptr_t pc = hook_caller;
    ask("__VERIFIER_atomic_begin", pc);
    undivided_begin(pc);
}

void sv_comp_end(void) {
    if (exploring && self->undivided == 0)
        misuse(hook_caller, DOING(PART(SAY_ENDS_NO_BLOCK)), NULL, SAY_NOTHING);
    if (exploring)
        undivided_end();
}

/* --- those that are no steps, unless the program has its own ------------------------------------ */

#define WEAK EXPORT __attribute__((weak))

#define ERROR(name)                                                                                \
    WEAK void name(void);                                                                          \
    void name(void) {                                                                              \
        ask(#name, CALLER());                                                                      \
        header_error(#name, CALLER());                                                             \
    }
ERROR(__VERIFIER_error)
ERROR(reach_error)

#define FLOATING(name, type)                                                                       \
    WEAK type __VERIFIER_nondet_##name(void);                                                      \
    type __VERIFIER_nondet_##name(void) {                                                          \
        struct message reason = {0};                                                               \
        message_add(&reason,                                                                       \
                    PART(SAY_NO_VALUES, message_quote(&reason, "__VERIFIER_nondet_" #name)));      \
        unsupported_because(CALLER(), &reason);                                                    \
    }
FLOATING(float, float)
FLOATING(double, double)
