/* SPDX-License-Identifier: MIT */
/*
 * What a process is to itself: its number, its signals, its settings. All of it the kernel's, which
 * is not rewound, and some of it different in each worker; so it is kept here instead, in static
 * variables.
 *
 * Signals: nobody can send one here, so which are blocked or ignored changes nothing but what the
 * functions themselves answer. Handlers would run, and are refused. The kernel never hears of it:
 * the runtime needs some signals for itself.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>

#include "explore/runtime/calls/checks.h"
#include "explore/runtime/calls/hidden.h"
#include "explore/runtime/calls/process.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/worker.h"

enum { PROCESS = 1000, PARENT = PROCESS - 1 };
enum { SIGNALS = 64 };

void check_zero(struct visit *visit) {
    visit_skip(visit, 0);
}

void check_getpid(struct visit *visit) {
    visit_skip(visit, PROCESS);
}

void check_getppid(struct visit *visit) {
    visit_skip(visit, PARENT);
}

void check_gettid(struct visit *visit) {
    visit_skip(visit, PROCESS + self->id);
}

void check_prctl(struct visit *visit) {
    if ((int)visit->argument[0] != PR_SET_NAME)
        visit_refuse(visit, SAY_PROCESS_SETTINGS);
    visit_skip(visit, 0);
}

/* Asking does not change it; else it means something else for every function that formats, and for
 * those that tell what a letter is, which are no operations. Where other threads could call one, no
 * order of the two would be right. */
void check_setlocale(struct visit *visit) {
    bool sets = visit->argument[1] != 0;
    hidden_touch(visit, HIDDEN_locale, sets);
    if (!sets)
        return;
    if (!visit_is_alone())
        visit_refuse(visit, SAY_LOCALE_SHARED);
    visit_all(visit); /* also with who has been seen to end, and might not have */
    rewind_all();
    worker_touched();
}

/* The calling thread's own: libc keeps it where no hook sees it. */
void check_uselocale(struct visit *visit) {
    if (visit->argument[0] != 0)
        self->writes++;
}

/* --- scheduling ------------------------------------------------------------------------------- */

/* Priorities and processors have no bearing on what can happen, so setting them does nothing; but
 * then an execution that sets them and also asks, in whatever order, would get a wrong answer. */
static bool scheduling_is_set, scheduling_is_asked;

void process_scheduling_set(uintptr_t pc) {
    scheduling_is_set = true;
    if (scheduling_is_asked)
        unsupported(pc, SAY_SCHEDULING);
}

void process_scheduling_asked(uintptr_t pc) {
    scheduling_is_asked = true;
    if (scheduling_is_set)
        unsupported(pc, SAY_SCHEDULING);
}

void check_scheduling_set(struct visit *visit) {
    process_scheduling_set(visit->pc);
    visit_skip(visit, 0);
}

void check_scheduling_asked(struct visit *visit) {
    process_scheduling_asked(visit->pc);
}

/* --- dispositions ----------------------------------------------------------------------------- */

static COMPARED uintptr_t dispositions[SIGNALS + 1]; /* SIG_DFL or SIG_IGN */

static bool is_settable(int signal) {
    return signal >= 1 && signal <= SIGNALS && signal != SIGKILL && signal != SIGSTOP;
}

static void check_handler(struct visit *visit, uintptr_t handler) {
    if (handler != (uintptr_t)SIG_DFL && handler != (uintptr_t)SIG_IGN)
        visit_refuse(visit, SAY_SIGNAL_HANDLERS);
}

static void fail(struct visit *visit) {
    errno = EINVAL;
    visit_skip(visit, -1); /* SIG_ERR too */
}

static void act_signal(struct visit *visit) {
    int signal = (int)visit->argument[0];
    uintptr_t before = dispositions[signal];
    dispositions[signal] = visit->argument[1];
    visit_skip(visit, (int64_t)before);
}

void check_signal(struct visit *visit) {
    if (!is_settable((int)visit->argument[0])) {
        fail(visit);
        return;
    }
    check_handler(visit, visit->argument[1]);
    visit->act = act_signal;
}

static void act_sigaction(struct visit *visit) {
    int signal = (int)visit->argument[0];
    const struct sigaction *wanted = (const struct sigaction *)visit->argument[1];
    struct sigaction *old = (struct sigaction *)visit->argument[2];
    uintptr_t handler = wanted == NULL ? dispositions[signal] : (uintptr_t)wanted->sa_handler;
    if (old != NULL)
        *old = (struct sigaction){.sa_handler = (void (*)(int))dispositions[signal]};
    dispositions[signal] = handler;
    visit_skip(visit, 0);
}

void check_sigaction(struct visit *visit) {
    const struct sigaction *wanted = (const struct sigaction *)visit->argument[1];
    if (!is_settable((int)visit->argument[0])) {
        fail(visit);
        return;
    }
    if (wanted != NULL)
        check_handler(visit, (uintptr_t)wanted->sa_handler);
    visit->act = act_sigaction;
}

/* --- masks ------------------------------------------------------------------------------------ */

static COMPARED struct {
    bool set;
    uint64_t mask;
} masks[OP_ACTORS];

/* A thread begins with the mask of its creator, which programs set before they create. */
static uint64_t mask_of(const struct fiber *fiber) {
    while (!masks[fiber->id].set && fiber->parent >= 0 && fibers[fiber->parent] != NULL)
        fiber = fibers[fiber->parent];
    return masks[fiber->id].mask;
}

static uint64_t changed(uint64_t mask, int how, uint64_t by) {
    const uint64_t never = UINT64_C(1) << (SIGKILL - 1) | UINT64_C(1) << (SIGSTOP - 1);
    uint64_t wanted = how == SIG_BLOCK ? mask | by : how == SIG_UNBLOCK ? mask & ~by : by;
    return wanted & ~never;
}

void check_sigmask(struct visit *visit) {
    int how = (int)visit->argument[0];
    const uint64_t *wanted = (const uint64_t *)visit->argument[1];
    uint64_t *old = (uint64_t *)visit->argument[2];
    uint64_t mask = mask_of(self);
    bool valid = how == SIG_BLOCK || how == SIG_UNBLOCK || how == SIG_SETMASK;
    if (wanted != NULL && !valid) {
        visit_refuse(visit, SAY_MASK_CHANGE);
        return;
    }
    if (wanted != NULL) {
        masks[self->id].mask = changed(mask, how, *wanted);
        masks[self->id].set = true;
        self->writes++; /* of what only this thread sees: recur.c */
    }
    if (old != NULL)
        *old = mask;
    visit_skip(visit, 0);
}

void check_sigpending(struct visit *visit) {
    uint64_t *pending = (uint64_t *)visit->argument[0];
    if (pending != NULL)
        *pending = 0;
    visit_skip(visit, 0);
}
