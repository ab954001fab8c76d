/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <sys/syscall.h>
#include <time.h>

#include "explore/runtime/control.h"
#include "explore/runtime/cut.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/system_call.h"

static int64_t clock_shows(clockid_t clock) {
    struct timespec now = {0};
    system_call(SYS_clock_gettime, clock, (long)&now, 0, 0, 0, 0);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Of several workers each has as much, so those that have ended count as one of them. */
static bool is_spent(void) {
    int64_t jobs = shared->config.jobs > 1 ? shared->config.jobs : 1;
    return shared->config.processor > 0 &&
           clock_shows(CLOCK_PROCESS_CPUTIME_ID) + control->spent / jobs >=
               shared->config.processor;
}

bool cut_at_deadline(void) {
    int64_t deadline = shared->config.deadline;
    if ((deadline == 0 && shared->config.processor == 0) || control->phase == PHASE_TRACE)
        return false;
    bool late = (deadline > 0 && clock_shows(CLOCK_MONOTONIC) >= deadline) || is_spent();
    if (late)
        control->late = control->stop = 1;
    return late;
}

/* Behind a step where a computation was cut off before, it is given less; and all of them together not for ever. */
enum { AGAIN = 2, ALL = 20 * CUT_TICKS };

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
