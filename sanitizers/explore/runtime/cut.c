/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <sys/syscall.h>
#include <time.h>

#include "explore/runtime/control.h"
#include "explore/runtime/cut.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/system_call.h"

bool cut_at_deadline(void) {
    struct timespec now = {0};
    if (shared->config.deadline == 0 || control->phase == PHASE_TRACE)
        return false;
    system_call(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0, 0, 0);
    bool late = now.tv_sec * INT64_C(1000000000) + now.tv_nsec >= shared->config.deadline;
    if (late)
        control->late = control->stop = 1;
    return late;
}

/* Behind a step where a computation was cut off before, it is given less; and all of them together not for ever. */
enum { AGAIN = 2, ALL = 10 * CUT_TICKS };

/* The first place is told. */
static void note(uintptr_t pc, int thread) {
    if (control->cut_pc == 0) {
        control->cut_pc = pc;
        control->cut_thread = thread;
    }
    control->cut++;
}

void cut_steps(uintptr_t pc) {
    execution.ending = END_CUT;
    arena_lock(&control->arena);
    note(pc, 0);
    arena_unlock(&control->arena);
}

void cut_round(uintptr_t pc) {
    execution.ending = END_CUT;
    arena_lock(&control->arena);
    control->cut_round = 1;
    note(pc, 0);
    arena_unlock(&control->arena);
}

bool cut_is_known(int actor, uintptr_t pc) {
    for (int i = 0; i < control->endless_count; i++)
        if (control->endless[i].actor == actor && control->endless[i].pc == pc)
            return true;
    return false;
}

static void know(int actor, uintptr_t pc) {
    if (control->endless_count < CONTROL_ENDLESS && !cut_is_known(actor, pc))
        control->endless[control->endless_count++] =
            (struct control_endless){.actor = actor, .pc = pc};
}

bool cut_is_due(int ticks) {
    bool known = cut_is_known(self->id, self->pc);
    return ticks >= (known ? AGAIN : CUT_TICKS * shared->config.cap);
}

void cut_computation(int ticks, uintptr_t pc) {
    arena_lock(&control->arena);
    note(pc, self->number);
    know(self->id, self->pc);
    arena_unlock(&control->arena);
    if (__atomic_add_fetch(&control->computed, ticks, __ATOMIC_RELAXED) >= ALL)
        control->stop = 1;
}
