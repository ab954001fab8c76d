/* SPDX-License-Identifier: MIT */
#include "inject/copy/rehearsal.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/process/undo.h"

#define MOST_CALLS 8      /* more are slower than a copy, which stops at few */
#define LONGEST_PAUSE 256 /* points */
#define MOST_TICKS 2      /* of the watch */

struct rehearsal {
    struct undo *undo;
    bool known, fit; /* is W, with its handlers, one that can be put back? */
    unsigned pause;  /* points that are left to copies after one that had to be */
    unsigned rest;   /* of them */
};

struct rehearsal *rehearsal_new(void *owner) {
    struct rehearsal *rehearsal = never_null(talloc_zero(owner, struct rehearsal));
    rehearsal->undo = undo_new(rehearsal);
    return rehearsal;
}

void rehearsal_forget(struct rehearsal *rehearsal) {
    undo_forget(rehearsal->undo);
    rehearsal->known = false;
}

/* Those that leave mappings, handlers and signal stacks alone; who is missing only costs another
 * twin. */
static bool keeps_twin(long call) {
    static const short calls[] = {SYS_write,      SYS_rt_sigprocmask, SYS_getpid,
                                  SYS_getppid,    SYS_clock_gettime,  SYS_gettimeofday,
                                  SYS_time,       SYS_getuid,         SYS_fstat,
                                  SYS_newfstatat, SYS_sched_yield};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (calls[i] == call)
            return true;
    return false;
}

void rehearsal_note_call(struct rehearsal *rehearsal, long call) {
    if (keeps_twin(call))
        undo_note_step(rehearsal->undo, NULL, FOOTPRINT_ANY);
    else
        rehearsal_forget(rehearsal);
}

void rehearsal_note_step(struct rehearsal *rehearsal, const struct cpu *cpu,
                         enum footprint footprint) {
    undo_note_step(rehearsal->undo, cpu, footprint);
}

/* ---- What the kernel keeps of W ------------------------------------------------------ */

/* As rt_sigaction and sigaltstack give them. */
struct asked_action {
    uint64_t handler, flags, restorer, mask;
};

struct asked_stack {
    uint64_t base;
    int flags, unused;
    uint64_t size;
};

/* What such a call gives, by W's twin, which stays as it was. */
static bool ask_twin(const struct rehearsal *rehearsal, const struct family *family, long call,
                     const uint64_t arguments[6], void *answer, size_t length) {
    pid_t twin = undo_twin(rehearsal->undo);
    uint64_t address = cpu_scratch(&family->tasks[0]->cpu);
    unsigned char before[64];
    return tracee_get(twin, address, before, sizeof before) &&
           tracee_call(twin, family->call_pc, call, arguments) == 0 &&
           tracee_get(twin, address, answer, length) &&
           tracee_put(twin, address, before, sizeof before);
}

/* The signal's handler stays when it has run, and a child that has ended stays to be waited for. */
static bool keeps_handler(const struct rehearsal *rehearsal, const struct family *family) {
    const struct task *first = family->tasks[0];
    struct asked_action action;
    uint64_t arguments[6] = {(uint64_t)family->tried.number, 0, cpu_scratch(&first->cpu), 8};
    return ask_twin(rehearsal, family, SYS_rt_sigaction, arguments, &action, sizeof action) &&
           (action.flags & (SA_RESETHAND | SA_NOCLDWAIT)) == 0;
}

/* A stack for signals may be disarmed while it is used. */
static bool has_no_signal_stack(const struct rehearsal *rehearsal, const struct family *family) {
    struct asked_stack stack;
    uint64_t arguments[6] = {0, cpu_scratch(&family->tasks[0]->cpu)};
    return ask_twin(rehearsal, family, SYS_sigaltstack, arguments, &stack, sizeof stack) &&
           stack.size == 0;
}

/* The kernel takes the handler away from a fault that comes while its signal is blocked. */
static bool handles_no_fault(pid_t pid) {
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
    struct signal_sets sets = tracee_signals(pid);
    uint64_t any = 0;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        any |= 1ULL << (faults[i] - 1);
    return ((sets.caught | sets.ignored) & any) == 0;
}

/* A filter of its own may have something against its exit, which is not executed. */
static bool has_our_filter_alone(pid_t pid) {
    unsigned filters = tracee_filters(pid);
    return filters > 0 && filters == tracee_filters(getpid()) + 1;
}

/* The time of all its runs is its own, while a copy begins at nothing; and a stack that has grown stays. */
static bool has_no_limit(pid_t pid) {
    struct rlimit time, space;
    return prlimit(pid, RLIMIT_CPU, NULL, &time) == 0 && time.rlim_cur == RLIM_INFINITY &&
           prlimit(pid, RLIMIT_AS, NULL, &space) == 0 && space.rlim_cur == RLIM_INFINITY;
}

static bool is_fit(struct rehearsal *rehearsal, const struct family *family) {
    pid_t pid = family->tasks[0]->pid;
    if (!rehearsal->known)
        rehearsal->fit = has_our_filter_alone(pid) && has_no_limit(pid) && handles_no_fault(pid) &&
                         keeps_handler(rehearsal, family) && has_no_signal_stack(rehearsal, family);
    rehearsal->known = true;
    return rehearsal->fit;
}

/* ---- The run ------------------------------------------------------------------------- */

/* The end of a handler may set another stack for signals: what it has found in its frame. */
static bool sets_no_signal_stack(const struct task *task) {
    enum { STACK_IN_CONTEXT = 16 }; /* of struct ucontext */
    struct asked_stack stack;
    return tracee_get(task->pid, cpu_sp(&task->cpu) + STACK_IN_CONTEXT, &stack, sizeof stack) &&
           stack.size == 0;
}

/* What it prints is taken from the pipe; a mask is put back. */
static bool leaves_nothing(const struct task *task) {
    switch (cpu_call(&task->cpu)) {
    case SYS_rt_sigreturn:
        return sets_no_signal_stack(task);
    case SYS_write:
        return cpu_argument(&task->cpu, 0) == STDOUT_FILENO ||
               cpu_argument(&task->cpu, 0) == STDERR_FILENO;
    case SYS_rt_sigprocmask:
    case SYS_getuid:
    case SYS_geteuid:
    case SYS_getgid:
    case SYS_getegid:
        return true;
    default:
        return false;
    }
}

static struct stop next_stop(pid_t pid) {
    struct stop stop = {.kind = STOP_NONE};
    for (int ticks = 0; stop.kind == STOP_NONE && ticks < MOST_TICKS; ticks++)
        stop = tracee_wait(pid);
    return stop;
}

/* The call at which it stands is executed, though it has already been let off. */
static bool execute_after_all(struct task *first, struct stop *stop) {
    uint64_t pc = cpu_pc(&first->cpu);
    if (!cpu_write(first->pid, &first->cpu))
        return false;
    for (int i = 0; i < 2 && cpu_pc(&first->cpu) == pc; i++) { /* the first step leaves the call */
        if (!tracee_step(first->pid, 0))
            return false;
        *stop = next_stop(first->pid);
        if (stop->kind != STOP_TRAP || !cpu_read(first->pid, &first->cpu))
            return false;
    }
    return cpu_pc(&first->cpu) != pc;
}

/* How far it has come. */
struct rehearsed {
    const struct rehearsal_child *child;
    bool waited;      /* for that child, which is gone */
    struct stop stop; /* the last one */
    bool executes;    /* a call at which it stands would be executed */
    bool wrote;       /* to a pipe of ours */
    bool exits;
};

/* Another call is in place of the one that would be executed: it does nothing, and the filter
 * (filter.h) lets it through. */
static bool leave_call(const struct task *first) {
    struct cpu other = first->cpu;
    cpu_enter_call(&other);
    cpu_replace_call(&other, SYS_getuid);
    return cpu_write(first->pid, &other) && tracee_step(first->pid, 0) &&
           tracee_next_stop(first->pid).kind == STOP_TRAP;
}

/* Its child has ended, it is made to believe: what a wait for it gives. False if that is not so
 * simple. */
static bool answer_wait(struct rehearsed *run, struct task *first) {
    const struct rehearsal_child *child = run->child;
    int for_whom = (int)cpu_argument(&first->cpu, 0);
    uint64_t address = cpu_argument(&first->cpu, 1), usage = cpu_argument(&first->cpu, 3);
    uint64_t options = cpu_argument(&first->cpu, 2);
    if (child == NULL || (for_whom != -1 && for_whom != child->id) || usage != 0 ||
        (options & ~(uint64_t)(WNOHANG | WUNTRACED | WCONTINUED)) != 0)
        return false;
    int status = child->exit_code << 8;
    long result = run->waited ? -ECHILD : child->id;
    if (!run->waited && address != 0 && !tracee_put(first->pid, address, &status, sizeof status))
        return false;
    run->waited = true;
    if (run->executes && !leave_call(first))
        return false;
    cpu_skip_call(&first->cpu, result);
    return cpu_write(first->pid, &first->cpu);
}

/* The call at which it stands is done. False if it must be left to a copy. */
static bool do_call(struct rehearsed *run, struct task *first) {
    if (cpu_call(&first->cpu) == SYS_wait4)
        return answer_wait(run, first);
    run->wrote |= cpu_call(&first->cpu) == SYS_write;
    return leaves_nothing(first) && (run->executes || execute_after_all(first, &run->stop));
}

/* It has got the signal. */
static void go_to_exit(struct rehearsed *run, struct task *first) {
    for (int calls = 0; calls <= MOST_CALLS; calls++) {
        run->stop = next_stop(first->pid);
        if (run->stop.kind != STOP_CALL || !cpu_read(first->pid, &first->cpu))
            return;
        cpu_undo_call(&first->cpu);
        run->exits = cpu_call(&first->cpu) == SYS_exit_group;
        if (run->exits || calls == MOST_CALLS || !do_call(run, first) ||
            !tracee_run_to_any_call(first->pid, false, 0))
            return;
        run->executes = false;
    }
}

/* The signal, and what comes with it. */
static bool send(const struct rehearsed *run, const struct task *first, int number) {
    siginfo_t info = {.si_signo = SIGCHLD, .si_code = CLD_EXITED};
    if (run->child == NULL)
        return tracee_run_to_any_call(first->pid, true, number);
    info.si_pid = run->child->id;
    info.si_uid = run->child->user;
    info.si_status = run->child->exit_code;
    return tracee_set_siginfo(first->pid, &info) &&
           tracee_run_to_any_call(first->pid, true, SIGCHLD);
}

static void note_exit(struct family *guise) {
    struct task *first = guise->tasks[0];
    guise->end = FAMILY_EXITED;
    guise->status = (int)(cpu_argument(&first->cpu, 0) & 0xff);
    first->state = TASK_ENDED;
}

/* ---- Back ---------------------------------------------------------------------------- */

/* It runs, or stands at something that is left to a copy: wherever that is, it stands afterwards
 * where no stop of ours is to come. False if it has died. */
static bool hold(const struct task *first, struct stop stop) {
    bool runs = stop.kind == STOP_NONE;
    if (runs) {
        tracee_interrupt(first->pid);
        stop = tracee_next_stop(first->pid);
    }
    while (runs && stop.kind != STOP_INTERRUPT && stop.kind != STOP_EXITED &&
           stop.kind != STOP_KILLED) {
        struct cpu cpu = first->cpu;
        cpu_set_pc(&cpu, cpu_pc(&cpu)); /* no call is executed */
        cpu_write(first->pid, &cpu);
        tracee_step(first->pid, 0);
        stop = tracee_next_stop(first->pid);
    }
    return stop.kind != STOP_EXITED && stop.kind != STOP_KILLED;
}

static bool put_back(const struct rehearsal *rehearsal, struct family *family,
                     const struct family *guise, const struct rehearsed *run) {
    struct task *first = family->tasks[0];
    bool in_call = run->stop.kind == STOP_CALL;
    bool good = hold(guise->tasks[0], run->stop) &&
                (!in_call || !run->executes || leave_call(guise->tasks[0])) &&
                undo_back(rehearsal->undo, &first->cpu);
    first->skips = in_call && !run->executes;
    if (!good)
        family_stop_because(family, FAMILY_LOST, "what a signal has done to it cannot be undone");
    return good;
}

/* ---- The whole ----------------------------------------------------------------------- */

/* Only where a step has ended is a signal delivered at once, and no other. */
static bool can_get_signal(struct task *first) {
    bool behind = tracee_is_behind_step(first->pid);
    if (!behind && first->skips) /* a step that only leaves the call */
        behind = tracee_step(first->pid, 0) && tracee_next_stop(first->pid).kind == STOP_TRAP &&
                 tracee_is_behind_step(first->pid);
    first->skips = first->skips && !behind;
    return behind && cpu_forget_call(first->pid, &first->cpu);
}

static struct family *try(void *owner, struct rehearsal *rehearsal, struct family *family,
                          const struct rehearsal_child *child) {
    struct family *guise = family_guise(owner, family);
    struct task *first = guise->tasks[0];
    struct rehearsed run = {.child = child, .stop = {.kind = STOP_TRAP}};
    if (send(&run, first, family->tried.number)) {
        run.executes = true;
        go_to_exit(&run, first);
    }
    bool good = put_back(rehearsal, family, guise, &run);
    if (run.wrote)
        family_drain(guise);
    first->state = TASK_ENDED; /* there is nothing to end */
    if (run.exits && good && guise->end == FAMILY_GOES_ON) {
        note_exit(guise);
        return guise;
    }
    talloc_free(guise);
    return NULL;
}

struct family *rehearsal_run(void *owner, struct rehearsal *rehearsal, struct family *family,
                             const struct rehearsal_child *child) {
    struct task *first = family->tasks[0];
    if (rehearsal->rest > 0) {
        rehearsal->rest--;
        return NULL;
    }
    if (undo_twin(rehearsal->undo) == 0)
        family_drain(family); /* it has made a call, perhaps */
    struct family *guise = NULL;
    if (undo_keep(rehearsal->undo, first->pid, &first->cpu, family->call_pc) &&
        is_fit(rehearsal, family) && can_get_signal(first))
        guise = try(owner, rehearsal, family, child);
    rehearsal->pause = guise != NULL                              ? 0
                       : rehearsal->pause * 2 + 1 < LONGEST_PAUSE ? rehearsal->pause * 2 + 1
                                                                  : LONGEST_PAUSE;
    rehearsal->rest = rehearsal->pause;
    return guise;
}
