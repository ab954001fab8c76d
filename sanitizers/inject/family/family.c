/* SPDX-License-Identifier: MIT */
/*
 * A task runs to its next system call that matters (filter.h) and stops in it before it is executed.
 * Then we either make the result up (family_calls.c) or let the call be executed, by a single step.
 * A task that does not come back from that step and sleeps waits for somebody: only one task runs
 * at a time, so nobody is about to wake it.
 */
#include "inject/family/family.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "inject/copy/relatives.h"
#include "inject/process/state_hash.h"
#include "inject/process/watch.h"
#include "run/run.h"

#define GRACE_SECONDS 0.02  /* of processor time without a call, before something is let go */
#define LONGEST_SEARCH 256  /* instructions, for a state that comes back */
#define GRACE_CALLS 20000   /* calls of a process that may be polling for something */
#define SETTLE_SECONDS 20.0 /* for a call that neither returns nor sleeps */

/* ---- Members ------------------------------------------------------------------------- */

static struct task *add_task(struct family *family, pid_t pid, int id, int parent) {
    family->tasks = grow_array(family, family->tasks, struct task *, family->task_count + 1);
    struct task *task = never_null(talloc_zero(family, struct task));
    family->tasks[family->task_count++] = task;
    *task =
        (struct task){.pid = pid, .id = id, .parent = parent, .state = TASK_READY, .timer_at = -1};
    return task;
}

struct family *family_new(void *owner, pid_t first, struct capture *capture) {
    struct family *family = never_null(talloc_zero(owner, struct family));
    family->capture = capture;
    family->session = first;
    family->next_id = FAMILY_FIRST_PID + 1;
    for (int i = 0; i < 2; i++)
        family->output[i] = never_null(talloc_strdup(family, ""));
    struct task *task = add_task(family, first, FAMILY_FIRST_PID, FAMILY_FIRST_PID - 1);
    cpu_read(first, &task->cpu);
    return family;
}

struct task *family_task(struct family *family, int id) {
    for (size_t i = 0; i < family->task_count; i++)
        if (family->tasks[i]->id == id)
            return family->tasks[i];
    return NULL;
}

/* The kernel may give the number of a process that was waited for to another: the youngest has it.
 */
struct task *family_task_of(struct family *family, pid_t pid) {
    for (size_t i = family->task_count; i > 0; i--)
        if (family->tasks[i - 1]->pid == pid)
            return family->tasks[i - 1];
    return NULL;
}

int family_stop_because(struct family *family, enum family_end end, const char *why) {
    if (family->end == FAMILY_GOES_ON) {
        family->end = end;
        family->why = why;
    }
    return -1;
}

bool family_alone(const struct family *family) {
    for (size_t i = 1; i < family->task_count; i++)
        if (family->tasks[i]->state != TASK_ENDED)
            return false;
    return true;
}

static void task_ended(struct family *family, struct task *task, struct stop stop) {
    task->state = TASK_ENDED;
    task->at_call = false;
    if (task == family->tasks[0] && family->end == FAMILY_GOES_ON) {
        family->end = stop.kind == STOP_EXITED ? FAMILY_EXITED : FAMILY_KILLED;
        family->status = stop.number;
    }
    family_wake_nappers(family);
}

/* ---- What they print ----------------------------------------------------------------- */

static bool drain(struct family *family, int stream) {
    char block[65536];
    ssize_t length;
    bool any = false;
    while ((length = read(family->capture->fd[stream], block, sizeof block)) > 0) {
        any = true;
        size_t had = family->output_length[stream];
        if (had + (size_t)length > family->output_bytes) {
            family_stop_because(family, FAMILY_RAN_AWAY, "prints without end");
            continue;
        }
        family->output[stream] =
            grow_array(family, family->output[stream], char, had + (size_t)length + 1);
        memcpy(family->output[stream] + had, block, (size_t)length);
        family->output_length[stream] = had + (size_t)length;
        family->output[stream][family->output_length[stream]] = '\0';
    }
    return any;
}

static bool drain_both(struct family *family) {
    bool out = drain(family, 0);
    return drain(family, 1) || out;
}

/* ---- Signals ------------------------------------------------------------------------- */

static bool kills_by_default(int number) {
    return number != SIGCHLD && number != SIGURG && number != SIGWINCH && number != SIGCONT &&
           number != SIGSTOP && number != SIGTSTP && number != SIGTTIN && number != SIGTTOU;
}

static uint64_t bit(int number) {
    return 1ULL << (number - 1);
}

/* A process that sent or is the reason has the number that the program knows it by. */
static void translate_sender(struct family *family, struct task *task) {
    siginfo_t info;
    if (family->real_ids || ptrace(PTRACE_GETSIGINFO, task->pid, NULL, &info) != 0)
        return;
    bool sent = info.si_code == SI_USER || info.si_code == SI_TKILL || info.si_code == SI_QUEUE ||
                info.si_signo == SIGCHLD;
    struct task *sender = sent ? family_task_of(family, info.si_pid) : NULL;
    if (sender == NULL)
        return;
    info.si_pid = sender->id;
    ptrace(PTRACE_SETSIGINFO, task->pid, NULL, &info);
}

static bool goes_to_handler(const struct family *family, int number) {
    return number == family->held_number &&
           (family->handled || (tracee_signals(family->tasks[0]->pid).caught & bit(number)) != 0);
}

static void about_to_deliver(struct family *family, struct task *task, int number) {
    translate_sender(family, task);
    family->estranged |= family->resets;
    if (task != family->tasks[0])
        return;
    if (goes_to_handler(family, number)) {
        family->deliveries++;
        if (family->comes != NULL)
            family->comes(family, family->watcher);
    }
    if (family->dies == NULL)
        return;
    struct signal_sets sets = tracee_signals(task->pid);
    if (number == SIGKILL ||
        (kills_by_default(number) && ((sets.caught | sets.ignored) & bit(number)) == 0))
        family->dies(family, number, family->watcher);
}

void family_hold_signal(struct family *family, int to, int from, int number) {
    family->held = grow_array(family, family->held, struct held_signal, family->held_count + 1);
    family->held[family->held_count++] = (struct held_signal){to, from, number};
}

/* A nap ends with EINTR when a handler is to run, or when the process is killed. */
void family_wake_nappers(struct family *family) {
    for (size_t i = 0; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->state != TASK_NAPPING)
            continue;
        struct signal_sets sets = tracee_signals(task->pid);
        uint64_t coming = sets.pending & ~sets.blocked & ~sets.ignored;
        bool wakes = (coming & sets.caught) != 0;
        for (int number = 1; number < NSIG && !wakes; number++)
            wakes = (coming & bit(number)) != 0 && kills_by_default(number);
        if (!wakes)
            continue;
        cpu_skip_call(&task->cpu, -EINTR);
        cpu_write(task->pid, &task->cpu);
        task->state = TASK_READY;
        task->at_call = false;
    }
}

void family_signal(struct family *family, int number) {
    kill(family->tasks[0]->pid, number);
    family_wake_nappers(family);
}

/* ---- Executing a call ---------------------------------------------------------------- */

/* While a vfork child uses the first process's memory the breakpoint is not for it. The first
 * process itself does not run meanwhile. */
static void hide_breakpoint(struct family *family, const struct task *parent, bool hide) {
    if (parent != family->tasks[0] || family->breakpoint == 0)
        return;
    if (hide)
        cpu_clear_breakpoint(parent->pid, family->breakpoint, family->under_breakpoint);
    else
        cpu_set_breakpoint(parent->pid, family->breakpoint, &family->under_breakpoint);
}

static void adopt(struct family *family, struct task *parent, pid_t pid) {
    bool shares = parent->vforks; /* its memory: what we do to it, we do to the parent */
    struct task *child = add_task(family, pid, 0, parent->id);
    child->id = family->real_ids ? pid : family->next_id;
    family->next_id++;
    child->state = shares ? TASK_READY : TASK_HELD;
    struct stop stop = tracee_next_stop(pid);
    if (stop.kind != STOP_INTERRUPT) {
        task_ended(family, child, stop);
        return;
    }
    if (!shares && family->breakpoint != 0 && parent == family->tasks[0])
        cpu_clear_breakpoint(pid, family->breakpoint, family->under_breakpoint);
    if (shares)
        hide_breakpoint(family, parent, true);
    cpu_read(pid, &child->cpu);
}

/*
 * It has come back from its call, or was diverted to a handler. False if it still stands before the
 * call, because that is to be restarted.
 */
static bool call_left(struct family *family, struct task *task) {
    struct cpu before = task->cpu, after = task->cpu, now;
    if (!cpu_read(task->pid, &now))
        now = before; /* it has died: the next wait says so */
    if (cpu_pc(&now) == cpu_pc(&before)) {
        task->entered = false;
        tracee_step(task->pid, 0);
        return false;
    }
    task->cpu = now;
    task->state = TASK_READY;
    if (task->vforks)
        hide_breakpoint(family, task, false);
    task->vforks = false;
    cpu_skip_call(&after, 0);
    if (cpu_pc(&task->cpu) != cpu_pc(&after))
        return true;
    for (int i = 0; i < 6; i++)
        cpu_set_argument(&task->cpu, i, cpu_argument(&before, i));
    family_finish_call(family, task, cpu_call(&before));
    cpu_write(task->pid, &task->cpu);
    return true;
}

static bool sleeps(struct task *task) {
    if (task->halted)
        return true;
    return tracee_sleeps(task->pid, task->vforks);
}

/* What a stop inside a call means: true when the task is at rest. */
static bool in_call_stop(struct family *family, struct task *task, struct stop stop) {
    int signal_number = 0;
    switch (stop.kind) {
    case STOP_TRAP:
        return call_left(family, task);
    case STOP_EXITED:
    case STOP_KILLED:
        task_ended(family, task, stop);
        return true;
    case STOP_CHILD:
        adopt(family, task, stop.message);
        break;
    case STOP_SIGNAL:
        about_to_deliver(family, task, stop.number);
        signal_number = stop.number;
        break;
    case STOP_JOB:
        task->halted = true;
        tracee_stay_stopped(task->pid);
        return false;
    case STOP_CALL: /* the filter's: we know */
    case STOP_EXEC:
    case STOP_INTERRUPT:
    case STOP_NONE:
        break;
    }
    task->halted = false;
    tracee_step(task->pid, signal_number);
    return false;
}

/* Waits until the task, which is in a call, has come back or sleeps. */
static void settle(struct family *family, struct task *task, bool may_sleep) {
    double since = clock_seconds();
    bool slept = false;
    for (;;) {
        struct stop stop = may_sleep ? tracee_poll(task->pid) : tracee_wait(task->pid);
        if (stop.kind != STOP_NONE) {
            slept = false;
            if (in_call_stop(family, task, stop))
                return;
            continue;
        }
        if (slept) { /* and had not stopped meanwhile */
            task->state = TASK_ASLEEP;
            return;
        }
        if (may_sleep)
            watch_pause();
        may_sleep = true; /* it takes long: a tick has come */
        slept = sleeps(task) && !drain_both(family);
        if (slept || clock_seconds() - since < SETTLE_SECONDS)
            continue;
        task->state = TASK_ASLEEP;
        family_stop_because(family, FAMILY_LOST, "a system call neither returns nor sleeps");
        return;
    }
}

/* Could it sleep? Not a write, as a rule: what we read is never full. (If it does, a tick tells.)
 */
static bool likely_sleeps(const struct task *task) {
    long call = cpu_call(&task->cpu);
    return (call_traits(&task->cpu) & CALL_SLEEPS) != 0 && call != SYS_write && call != SYS_writev;
}

static void execute(struct family *family, struct task *task, const struct cpu *asked) {
    if (memcmp(&asked->regs, &task->cpu.regs, sizeof asked->regs) != 0) {
        struct cpu changed = *asked;
        if (task->entered)
            cpu_enter_call(&changed);
        cpu_write(task->pid, &changed);
    }
    task->entered = false;
    long call = cpu_call(&task->cpu);
    bool may_sleep = likely_sleeps(task);
    task->state = TASK_ASLEEP;
    tracee_step(task->pid, task->signal);
    task->signal = 0;
    settle(family, task, may_sleep);
    if (call == SYS_write || call == SYS_writev)
        drain_both(family);
}

/* ---- Calls with a time-out ----------------------------------------------------------- */

/* Nanoseconds until that time is up, as futex(2) has it; -1: never. */
static int64_t futex_time_out(const struct family *family, const struct task *task,
                              const struct timespec *time) {
    int operation = (int)cpu_argument(&task->cpu, 1);
    clockid_t clock = (operation & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    int64_t left;
    switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
        return time->tv_sec * 1000000000 + time->tv_nsec;
    case FUTEX_LOCK_PI:
        clock = CLOCK_REALTIME;
        break;
    case FUTEX_WAIT_BITSET:
        break;
    default:
        return -1;
    }
    left = family_until(family, clock, time);
    return left < 0 ? 0 : left;
}

/* Nanoseconds until the call's time is up; -1: never. */
static int64_t time_out(const struct family *family, const struct task *task,
                        const struct timed_call *timed) {
    uint64_t value = cpu_argument(&task->cpu, timed->argument);
    if (!timed->pointer)
        return (int)value < 0 ? -1 : (int)value * timed->unit;
    int64_t words[2];
    if (value == 0 || !tracee_get(task->pid, value, words, sizeof words))
        return -1;
    if (timed->call == SYS_futex)
        return futex_time_out(family, task, &(struct timespec){words[0], words[1]});
    return words[0] * 1000000000 + words[1] * timed->unit;
}

/* select(2) clears its sets when the time is up. */
struct kept_sets {
    unsigned char bytes[3][128];
};

static void keep_sets(const struct task *task, struct kept_sets *sets, bool put_back) {
    long call = cpu_call(&task->cpu);
    size_t length = (cpu_argument(&task->cpu, 0) + 63) / 64 * 8;
    if ((call != SYS_select && call != SYS_pselect6) || length > sizeof sets->bytes[0])
        return;
    for (int i = 0; i < 3; i++) {
        uint64_t address = cpu_argument(&task->cpu, i + 1);
        if (address != 0 && put_back)
            tracee_put(task->pid, address, sets->bytes[i], length);
        else if (address != 0)
            tracee_get(task->pid, address, sets->bytes[i], length);
    }
}

/* The call with no time to wait. True if it did not just say that the time is up. */
static bool try_without_waiting(struct family *family, struct task *task,
                                const struct timed_call *timed, bool put_back) {
    struct cpu at_call = task->cpu, asked = task->cpu;
    static const uint64_t zero[2];
    struct kept_sets sets;
    keep_sets(task, &sets, false);
    if (timed->pointer)
        tracee_put(task->pid, cpu_scratch(&task->cpu), zero, sizeof zero);
    cpu_set_argument(&asked, timed->argument, timed->pointer ? cpu_scratch(&task->cpu) : 0);
    execute(family, task, &asked);
    if (task->state != TASK_READY)
        return true;
    struct cpu behind = at_call;
    cpu_skip_call(&behind, 0);
    long result = cpu_result(&task->cpu);
    if (cpu_pc(&task->cpu) != cpu_pc(&behind) ||
        (result != 0 && result != -EAGAIN && result != -ETIMEDOUT) || !put_back)
        return true;
    task->cpu = at_call;
    cpu_write(task->pid, &task->cpu);
    keep_sets(task, &sets, true);
    return false;
}

/* True if the call is one with a time-out, and done, or put off. */
static bool takes_timed(struct family *family, struct task *task) {
    const struct timed_call *timed = call_timed(cpu_call(&task->cpu));
    int64_t length = timed == NULL ? -1 : time_out(family, task, timed);
    if (length <= 0 || task->signal != 0)
        return false;
    if (try_without_waiting(family, task, timed, true))
        return true;
    task->state = TASK_NAPPING;
    task->retries = true;
    task->wakes_at = family->clock + length;
    return true;
}

static void retry(struct family *family, struct task *task) {
    const struct timed_call *timed = call_timed(cpu_call(&task->cpu));
    if (!try_without_waiting(family, task, timed, true))
        task->state = TASK_NAPPING;
}

static void nap_over(struct family *family, struct task *task) {
    family->clock = task->wakes_at > family->clock ? task->wakes_at : family->clock;
    task->at_call = false;
    if (task->retries) {
        try_without_waiting(family, task, call_timed(cpu_call(&task->cpu)), false);
        return;
    }
    cpu_skip_call(&task->cpu, 0);
    cpu_write(task->pid, &task->cpu);
    task->state = TASK_READY;
}

/* ---- Going on ------------------------------------------------------------------------ */

static void do_call(struct family *family, struct task *task) {
    struct cpu asked = task->cpu;
    relatives_note_call(family, task);
    task->at_call = false;
    task->retries = false;
    family->calls++;
    family->returns += task == family->tasks[0] && cpu_call(&task->cpu) == SYS_rt_sigreturn;
    if (family_takes_call(family, task, &asked) || family->end != FAMILY_GOES_ON)
        return;
    if (!takes_timed(family, task))
        execute(family, task, &asked);
}

static bool is_break(const struct family *family, const struct task *task) {
    return task == family->tasks[0] && family->breakpoint != 0 &&
           cpu_pc(&task->cpu) == family->breakpoint + (uint64_t)cpu_breakpoint_size;
}

/* What a stop between calls means. */
static void running_stop(struct family *family, struct task *task, struct stop stop,
                         bool stepping) {
    task->state = TASK_READY;
    if (stop.kind == STOP_EXITED || stop.kind == STOP_KILLED) {
        task_ended(family, task, stop);
        return;
    }
    if (!cpu_read(task->pid, &task->cpu))
        return;
    if (stop.kind == STOP_CALL) {
        cpu_undo_call(&task->cpu);
        task->at_call = task->entered = true;
    } else if (stop.kind == STOP_TRAP && is_break(family, task)) {
        cpu_set_pc(&task->cpu, family->breakpoint);
        cpu_write(task->pid, &task->cpu);
        family->breaks = true;
    } else if (stop.kind == STOP_TRAP && !stepping) {
        task->signal = SIGTRAP; /* a breakpoint of its own */
    } else if (stop.kind == STOP_SIGNAL) {
        task->signal = stop.number;
        about_to_deliver(family, task, stop.number);
    } else if (stop.kind == STOP_JOB) {
        task->halted = true;
        task->state = TASK_ASLEEP;
        tracee_stay_stopped(task->pid);
    }
}

static void advance(struct family *family, struct task *task);

static bool release(struct family *family, bool timed);

/* Everybody who can go on does, once; if there is nobody, something is let go; what waits for its
 * time only with `timed`. */
static bool let_others(struct family *family, const struct task *but, bool timed) {
    bool any = false;
    size_t count = family->task_count;
    for (size_t i = 0; i < count; i++) {
        struct task *task = family->tasks[i];
        if (task == but || task->state != TASK_READY || family->end != FAMILY_GOES_ON)
            continue;
        any = true;
        advance(family, task);
    }
    return any || release(family, timed);
}

/* Does it go round, and make no call? Then all of its state comes back. */
static bool goes_round(struct family *family, struct task *task) {
    struct cpu seen = task->cpu;
    uint64_t state = 0, now = 0;
    if (!state_hash(task->pid, &state))
        return false;
    for (int i = 0; i < LONGEST_SEARCH; i++) {
        if (cpu_at_call(task->pid, cpu_pc(&task->cpu)) || !tracee_step(task->pid, 0))
            return false;
        struct stop stop = tracee_next_stop(task->pid);
        running_stop(family, task, stop, true);
        if (family->end != FAMILY_GOES_ON || task->state != TASK_READY || task->signal != 0 ||
            family->breaks)
            return false;
        if (memcmp(&seen.regs, &task->cpu.regs, sizeof seen.regs) == 0)
            return state_hash(task->pid, &now) && now == state;
    }
    return false;
}

/*
 * It has used much processor time without a call. If it goes round, it waits for what is held back.
 * Else it computes, and then no time is over, whatever the processor says: children and signals
 * may come, but no timer; unless it would be taken to have run away soon.
 */
static void let_sources(struct family *family, struct task *task) {
    bool timed = goes_round(family, task) || tracee_seconds(task->pid) > family->budget / 2;
    if (family->end != FAMILY_GOES_ON || task->state != TASK_READY || family->breaks)
        return;
    if (task == family->tasks[0])
        let_others(family, task, timed);
    else
        release(family, timed);
}

/* A tick while it runs: does it spin? True if it was stopped for that, or has run away. */
static bool spins(struct family *family, struct task *task) {
    double used = tracee_seconds(task->pid);
    if (run_interrupted())
        family_stop_because(family, FAMILY_INTERRUPTED, "");
    else if (used > family->budget)
        family_stop_because(family, FAMILY_RAN_AWAY, "");
    else if (used - task->seconds < GRACE_SECONDS)
        return false;
    tracee_interrupt(task->pid);
    task->seconds = used;
    return true;
}

static void run_to_call(struct family *family, struct task *task) {
    bool spun = false, slept = false;
    tracee_run_to_call(task->pid, family->filtered, task->signal);
    task->signal = 0;
    for (;;) {
        struct stop stop = tracee_wait(task->pid);
        if (stop.kind == STOP_NONE) {
            if (!spun && !slept && sleeps(task) && !drain_both(family)) {
                slept = true; /* in a call that never does, as a rule: it is to be looked at */
                tracee_interrupt(task->pid);
            }
            spun = spun || spins(family, task);
            continue;
        }
        running_stop(family, task, stop, false);
        if (slept && stop.kind == STOP_INTERRUPT) {
            cpu_undo_call(&task->cpu);
            cpu_write(task->pid, &task->cpu);
            task->at_call = true;
        }
        break;
    }
    if (spun && family->end == FAMILY_GOES_ON && task->state == TASK_READY && !family->breaks)
        let_sources(family, task);
}

static void advance(struct family *family, struct task *task) {
    task->turn = ++family->turns;
    if (task->at_call)
        do_call(family, task);
    else
        run_to_call(family, task);
    if (family->calls < GRACE_CALLS || family->end != FAMILY_GOES_ON)
        return;
    family->calls = 0;
    if (tracee_seconds(task->pid) > family->budget)
        family_stop_because(family, FAMILY_RAN_AWAY, "");
    else if (task == family->tasks[0] && task->state == TASK_READY)
        let_others(family, task, true);
}

void family_advance(struct family *family) {
    advance(family, family->tasks[0]);
}

void family_step(struct family *family) {
    struct task *task = family->tasks[0];
    if (task->signal == 0 && cpu_at_call(task->pid, cpu_pc(&task->cpu))) {
        do_call(family, task);
        return;
    }
    tracee_step(task->pid, task->signal);
    task->signal = 0;
    struct stop stop = tracee_next_stop(task->pid);
    running_stop(family, task, stop, true);
}

/* ---- Letting others go --------------------------------------------------------------- */

/* A call that wakes somebody has done so when it returns: who sleeps still was not meant. */
static bool woken(struct family *family, struct task *task) {
    return !sleeps(task) || drain_both(family);
}

/* Who sleeps may have been woken by what another did. */
static void look_at_sleepers(struct family *family) {
    for (size_t i = 0; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->state == TASK_ASLEEP && woken(family, task))
            settle(family, task, true);
        else if (task->state == TASK_NAPPING && task->retries)
            retry(family, task);
    }
}

static struct task *first_ready(struct family *family) {
    struct task *best = NULL;
    for (size_t i = 0; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->state == TASK_READY && (best == NULL || task->turn < best->turn))
            best = task;
    }
    return best;
}

static bool release_child(struct family *family) {
    for (size_t i = 1; i < family->task_count; i++) {
        if (family->tasks[i]->state != TASK_HELD)
            continue;
        family->tasks[i]->state = TASK_READY;
        return true;
    }
    return false;
}

static bool release_signal(struct family *family) {
    while (family->held_count > 0) {
        struct held_signal held = family->held[0];
        family->held_count--;
        memmove(family->held, family->held + 1, family->held_count * sizeof held);
        struct task *to = family_task(family, held.to);
        if (to == NULL || to->state == TASK_ENDED)
            continue;
        kill(to->pid, held.number);
        family_wake_nappers(family);
        return true;
    }
    return false;
}

static void expire(struct family *family, struct task *task) {
    if (task->timer_at > family->clock)
        family->clock = task->timer_at;
    task->timer_at = task->timer_interval > 0 ? family->clock + task->timer_interval : -1;
    kill(task->pid, SIGALRM);
    family_wake_nappers(family);
}

bool family_expire_timer(struct family *family) {
    struct task *task = family->tasks[0];
    if (task->timer_at < 0)
        return false;
    int64_t now = family->clock; /* early: the others' time has not come */
    task->timer_at = now;
    expire(family, task);
    return true;
}

/* The timer or nap that ends first; of equals, the timer. */
static bool release_time(struct family *family) {
    struct task *timer = NULL, *nap = NULL;
    for (size_t i = 0; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->state != TASK_ENDED && task->timer_at >= 0 &&
            (timer == NULL || task->timer_at < timer->timer_at))
            timer = task;
        if (task->state == TASK_NAPPING && (nap == NULL || task->wakes_at < nap->wakes_at))
            nap = task;
    }
    if (timer != NULL && (nap == NULL || timer->timer_at <= nap->wakes_at))
        expire(family, timer);
    else if (nap != NULL)
        nap_over(family, nap);
    return timer != NULL || nap != NULL;
}

static bool release(struct family *family, bool timed) {
    family->calls = 0;
    return release_child(family) || release_signal(family) || (timed && release_time(family));
}

bool family_release(struct family *family) {
    return release(family, true);
}

bool family_let_others(struct family *family) {
    bool any = let_others(family, family->tasks[0], true);
    for (bool more = any; more && family->end == FAMILY_GOES_ON;) {
        more = false;
        for (size_t i = 1; i < family->task_count; i++) {
            if (family->tasks[i]->state != TASK_READY)
                continue;
            more = true;
            advance(family, family->tasks[i]);
        }
        look_at_sleepers(family);
    }
    return any;
}

void family_rest(struct family *family) {
    struct task *first = family->tasks[0];
    while (family->end == FAMILY_GOES_ON) {
        look_at_sleepers(family);
        if (first->state == TASK_READY || family->end != FAMILY_GOES_ON)
            return;
        struct task *next = first_ready(family);
        if (next != NULL)
            advance(family, next);
        else if (!family_release(family))
            family_stop_because(family, FAMILY_DEADLOCK, family_waits_for(family));
    }
}

/* Children that the first process left behind print, too: as far as they come by themselves. */
static void run_survivors(struct family *family) {
    enum family_end end = family->end;
    const char *why = family->why;
    family->end = FAMILY_GOES_ON;
    while (family->end == FAMILY_GOES_ON && !family_alone(family)) {
        look_at_sleepers(family);
        struct task *next = first_ready(family);
        if (next != NULL)
            advance(family, next);
        else if (!family_release(family))
            break;
    }
    if (family->end != FAMILY_INTERRUPTED) {
        family->end = end;
        family->why = why;
    }
    drain_both(family);
}

void family_run(struct family *family) {
    struct task *first = family->tasks[0];
    family->breaks = false;
    while (family->end == FAMILY_GOES_ON && !family->breaks) {
        if (first->state == TASK_READY)
            advance(family, first);
        else
            family_rest(family);
    }
    drain_both(family);
    if (family->end == FAMILY_EXITED || family->end == FAMILY_KILLED)
        run_survivors(family);
}

bool family_break_at(struct family *family, uint64_t pc) {
    family_break_nowhere(family);
    if (!cpu_set_breakpoint(family->tasks[0]->pid, pc, &family->under_breakpoint))
        return false;
    family->breakpoint = pc;
    return true;
}

void family_break_nowhere(struct family *family) {
    if (family->breakpoint != 0)
        cpu_clear_breakpoint(family->tasks[0]->pid, family->breakpoint, family->under_breakpoint);
    family->breakpoint = 0;
}

/* ---- Children ------------------------------------------------------------------------ */

struct task *family_held(struct family *family, size_t index) {
    for (size_t i = family->task_count; i > 1; i--) {
        struct task *task = family->tasks[i - 1];
        if (task->state == TASK_HELD && task->parent == family->tasks[0]->id && index-- == 0)
            return task;
    }
    return NULL;
}

/* Somebody who can go on for `child`: itself, or a process that it made. */
static struct task *next_of(struct family *family, struct task *child) {
    if (child->state == TASK_READY)
        return child;
    if (child->state == TASK_NAPPING) {
        nap_over(family, child);
        return child->state == TASK_READY ? child : NULL;
    }
    for (size_t i = 1; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        if (task->parent != child->id)
            continue;
        if (task->state == TASK_HELD)
            task->state = TASK_READY;
        if (task->state == TASK_READY)
            return task;
    }
    return NULL;
}

void family_end_child(struct family *family, struct task *child) {
    child->state = TASK_READY;
    while (child->state != TASK_ENDED && family->end == FAMILY_GOES_ON) {
        struct task *next = next_of(family, child);
        if (next == NULL)
            return;
        advance(family, next);
        if (child->state == TASK_ASLEEP)
            settle(family, child, true);
    }
}

/* ---- Copies and the end -------------------------------------------------------------- */

struct family *family_copy(void *owner, struct family *family) {
    struct task *first = family->tasks[0];
    drain_both(family);
    pid_t pid = tracee_copy(first->pid, &first->cpu, family->call_pc);
    if (pid < 0)
        return NULL;
    struct family *copy = never_null(talloc_memdup(owner, family, sizeof *family));
    struct task *task = never_null(talloc_memdup(copy, first, sizeof *first));
    task->pid = pid;
    task->seconds = 0;
    copy->tasks = new_array(copy, struct task *, 1);
    copy->tasks[0] = task;
    copy->task_count = 1;
    copy->held = NULL;
    copy->held_count = 0;
    for (size_t i = 0; i < family->held_count; i++)
        family_hold_signal(copy, family->held[i].to, family->held[i].from, family->held[i].number);
    for (int i = 0; i < 2; i++)
        copy->output[i] =
            never_null(talloc_memdup(copy, family->output[i], family->output_length[i] + 1));
    return copy;
}

void family_add_held(struct family *copy, const struct task *original, pid_t pid) {
    struct task *task = add_task(copy, pid, original->id, original->parent);
    *task = *original;
    task->pid = pid;
}

void family_end(struct family *family) {
    if (family == NULL)
        return;
    for (size_t i = 0; i < family->task_count; i++)
        if (family->tasks[i]->state != TASK_ENDED)
            kill(family->tasks[i]->pid, SIGKILL);
    for (size_t i = 0; i < family->task_count; i++)
        if (family->tasks[i]->state != TASK_ENDED)
            tracee_kill(family->tasks[i]->pid);
    /* Who lost its parent is now our child (we are a subreaper), and must be waited for again. */
    for (size_t i = 1; i < family->task_count; i++)
        tracee_poll(family->tasks[i]->pid);
    talloc_free(family);
}
