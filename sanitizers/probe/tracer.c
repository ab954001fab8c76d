/* SPDX-License-Identifier: MIT */
/*
 * PTRACE_SEIZE attaches without a stop or a signal; TRACEFORK, TRACEVFORK and TRACECLONE make the
 * kernel attach what the server creates, and stop its creator inside the creating call, where the
 * stack says who asked. A new task may report its first stop before its creator does, so a stop
 * from an unknown task is a new tracee. See ptrace(2).
 *
 * A tracee that ends must be waited for by its tracer before its real parent sees it end; but the
 * root is run.c's to reap, and stays.
 */
#include "probe/tracer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/proc.h"
#include "run/proc_text.h"
#include "symbols/stack.h"

#define EVENTS_KEPT 256
#define SEIZE_ROUNDS 20
#define DETACH_MILLISECONDS 2000

struct tracee {
    pid_t tid, process;
    struct __ptrace_syscall_info entry; /* of the call that it is in */
};

struct tracer {
    pid_t root;
    enum trace_depth depth;
    struct tracee *tracees;
    size_t tracee_count;
    struct trace_event *events;
    size_t event_count;
};

/* ---- Tracees --------------------------------------------------------------------------------- */

/* The number after `key` in /proc/TID/status; 0 if it is not there. */
static unsigned long long status_field(pid_t tid, const char *key, int base) {
    char *text = proc_text(NULL, "/proc/%d/status", (int)tid);
    unsigned long long value = strtoull(proc_field(text, key), NULL, base);
    talloc_free(text);
    return value;
}

static struct tracee *find_tracee(struct tracer *tracer, pid_t tid) {
    for (size_t i = 0; i < tracer->tracee_count; i++)
        if (tracer->tracees[i].tid == tid)
            return &tracer->tracees[i];
    return NULL;
}

static struct tracee *add_tracee(struct tracer *tracer, pid_t tid) {
    struct tracee *known = find_tracee(tracer, tid);
    if (known != NULL)
        return known;
    tracer->tracees = grow_array(tracer, tracer->tracees, struct tracee, tracer->tracee_count + 1);
    struct tracee *fresh = &tracer->tracees[tracer->tracee_count++];
    *fresh = (struct tracee){.tid = tid, .process = (pid_t)status_field(tid, "Tgid:", 10)};
    return fresh;
}

static void drop_tracee(struct tracer *tracer, pid_t tid) {
    struct tracee *gone = find_tracee(tracer, tid);
    if (gone != NULL)
        *gone = tracer->tracees[--tracer->tracee_count];
}

/*
 * Has it ended? It is left as it is. A tracer's waitid reports a stop even when asked for ends
 * only, and would take it away if it did not leave everything as it is.
 */
static bool has_ended(pid_t tid) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)tid, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0)
        return true; /* no child of ours any more */
    return info.si_pid == tid &&
           (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED);
}

/* Tracees that have ended, but for the root. */
static bool reap_tracees(struct tracer *tracer) {
    bool any = false;
    for (size_t i = tracer->tracee_count; i-- > 0;) {
        pid_t tid = tracer->tracees[i].tid;
        if (tid == tracer->root || !has_ended(tid))
            continue;
        waitid(P_PID, (id_t)tid, &(siginfo_t){0}, WEXITED | WNOHANG | __WALL);
        drop_tracee(tracer, tid);
        any = true;
    }
    return any;
}

/* The number of tasks that were attached now. */
static int seize_tree(struct tracer *tracer) {
    const long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                         PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
    struct proc_tree tree = proc_tree_read(tracer, tracer->root);
    int seized = 0;
    for (size_t i = 0; i < tree.count; i++) {
        for (size_t j = 0; j < tree.items[i].task_count; j++) {
            pid_t tid = tree.items[i].tasks[j].tid;
            if (find_tracee(tracer, tid) != NULL || ptrace(PTRACE_SEIZE, tid, NULL, options) != 0)
                continue;
            add_tracee(tracer, tid);
            seized++;
            if (tracer->depth == TRACE_CREATIONS) /* PTRACE_SYSCALL needs a stop to begin from */
                ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
        }
    }
    talloc_free(tree.items);
    return seized;
}

struct tracer *tracer_start(void *owner, pid_t root, enum trace_depth depth) {
    struct tracer *tracer = never_null(talloc_zero(owner, struct tracer));
    tracer->root = root;
    tracer->depth = depth;
    /* The server runs on while we attach: until a round finds no new task. */
    for (int round = 0; round < SEIZE_ROUNDS && seize_tree(tracer) > 0; round++)
        ;
    if (tracer->tracee_count > 0)
        return tracer;
    talloc_free(tracer);
    return NULL;
}

const char *tracer_missing(void *owner) {
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    if (child < 0)
        return NULL;
    int cause = ptrace(PTRACE_SEIZE, child, NULL, NULL) == 0 ? 0 : errno;
    char *call = proc_text(NULL, "/proc/%d/syscall", (int)child);
    bool sees_calls = *call != '\0';
    talloc_free(call);
    kill(child, SIGKILL);
    waitpid(child, NULL, __WALL);
    if (cause == 0 && sees_calls)
        return NULL;
    return talloc_asprintf(
        owner,
        "%s not permitted here (%s): %s; docker run --cap-add=SYS_PTRACE, or sysctl "
        "kernel.yama.ptrace_scope=1, may allow it",
        cause != 0 ? "ptrace is" : "/proc/PID/syscall is", strerror(cause != 0 ? cause : EPERM),
        sees_calls ? "findings have no lines of the server, and verdicts are the same"
                   : "findings have no lines of the server, and --time-limit alone tells what is "
                     "blocked");
}

/* ---- What is seen ---------------------------------------------------------------------------- */

static void note(struct tracer *tracer, const struct tracee *by, enum trace_what what,
                 long result) {
    bool wanted = what == TRACE_DEATH || tracer->depth == TRACE_CREATIONS;
    if (!wanted || tracer->event_count == EVENTS_KEPT)
        return;
    tracer->events =
        grow_array(tracer, tracer->events, struct trace_event, tracer->event_count + 1);
    struct trace_event *event = &tracer->events[tracer->event_count++];
    *event = (struct trace_event){
        .what = what, .process = by->process, .tid = by->tid, .result = result};
    stack_of_stopped(tracer, by->process, by->tid, &event->where);
}

static bool makes_descriptor(unsigned long long call) {
    switch (call) {
    case SYS_accept:
    case SYS_accept4:
    case SYS_socket:
    case SYS_openat:
#ifdef SYS_open
    case SYS_open:
#endif
    case SYS_dup:
#ifdef SYS_dup2
    case SYS_dup2:
#endif
    case SYS_dup3:
    case SYS_epoll_create1:
    case SYS_eventfd2:
    case SYS_timerfd_create:
    case SYS_signalfd4:
        return true;
    default:
        return false;
    }
}

static bool takes_memory(const struct __ptrace_syscall_info *entry) {
    if (entry->entry.nr == SYS_mmap)
        return (entry->entry.args[3] & MAP_ANONYMOUS) != 0;
    return entry->entry.nr == SYS_brk && entry->entry.args[0] != 0;
}

static void see_call(struct tracer *tracer, struct tracee *tracee) {
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, tracee->tid, sizeof info, &info) <= 0)
        return;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
        tracee->entry = info;
    if (info.op != PTRACE_SYSCALL_INFO_EXIT || tracee->entry.op != PTRACE_SYSCALL_INFO_ENTRY ||
        info.exit.is_error)
        return;
    if (makes_descriptor(tracee->entry.entry.nr))
        note(tracer, tracee, TRACE_DESCRIPTOR, (long)info.exit.rval);
    else if (takes_memory(&tracee->entry))
        note(tracer, tracee, TRACE_MEMORY, (long)info.exit.rval);
}

static bool is_stop_signal(int number) {
    return number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

/* Will this signal end the process? */
static bool deadly(pid_t tid, int number) {
    unsigned long long bit = 1ULL << (number - 1);
    if (number == SIGCHLD || number == SIGURG || number == SIGWINCH || number == SIGCONT ||
        is_stop_signal(number))
        return false;
    return ((status_field(tid, "SigIgn:", 16) | status_field(tid, "SigCgt:", 16)) & bit) == 0;
}

static long event_message(pid_t tid) {
    unsigned long message = 0;
    ptrace(PTRACE_GETEVENTMSG, tid, NULL, &message);
    return (long)message;
}

/* Keeps what the stop shows. The signal that the tracee must get when it goes on; -1: leave it
 * stopped (job control). */
static int see_stop(struct tracer *tracer, struct tracee *tracee, int status) {
    int event = status >> 8, number = status & 0xff;
    switch (event) {
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE: {
        long created = event_message(tracee->tid);
        note(tracer, tracee, event == PTRACE_EVENT_CLONE ? TRACE_THREAD : TRACE_FORK, created);
        add_tracee(tracer, (pid_t)created); /* may move the array that *tracee is in */
        return 0;
    }
    case PTRACE_EVENT_STOP:
        return is_stop_signal(number) ? -1 : 0;
    case 0:
        break;
    default:
        return 0;
    }
    if (number == (SIGTRAP | 0x80)) {
        see_call(tracer, tracee);
        return 0;
    }
    if (deadly(tracee->tid, number))
        note(tracer, tracee, TRACE_DEATH, number);
    return number;
}

/* ---- Letting go on --------------------------------------------------------------------------- */

/* The next task that has stopped; 0 if there is none now. */
static pid_t next_stop(int *status) {
    siginfo_t info = {0};
    if (waitid(P_ALL, 0, &info, WSTOPPED | WNOHANG | __WALL) != 0)
        return 0;
    *status = info.si_status;
    return info.si_pid;
}

bool tracer_pump(struct tracer *tracer) {
    bool any = reap_tracees(tracer);
    int status;
    for (pid_t tid; (tid = next_stop(&status)) != 0; any = true) {
        int number = see_stop(tracer, add_tracee(tracer, tid), status);
        if (number < 0)
            ptrace(PTRACE_LISTEN, tid, NULL, NULL);
        else
            ptrace(tracer->depth == TRACE_CREATIONS ? PTRACE_SYSCALL : PTRACE_CONT, tid, NULL,
                   (long)number);
    }
    return any;
}

bool tracer_root_ended(const struct tracer *tracer) {
    return has_ended(tracer->root);
}

const struct trace_event *tracer_events(const struct tracer *tracer, size_t *count) {
    *count = tracer->event_count;
    return tracer->events;
}

void tracer_forget(struct tracer *tracer) {
    tracer->event_count = 0;
}

static void detach_stopped(struct tracer *tracer, pid_t tid, int status) {
    int event = status >> 8, number = status & 0xff;
    if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE)
        add_tracee(tracer, (pid_t)event_message(tid));
    bool delivery = event == 0 && number != (SIGTRAP | 0x80);
    ptrace(PTRACE_DETACH, tid, NULL, (long)(delivery ? number : 0));
    drop_tracee(tracer, tid);
}

void tracer_end(struct tracer *tracer) {
    for (size_t i = 0; i < tracer->tracee_count; i++)
        ptrace(PTRACE_INTERRUPT, tracer->tracees[i].tid, NULL, NULL);
    for (int i = 0; tracer->tracee_count > 0 && i < DETACH_MILLISECONDS; i++) {
        int status;
        for (pid_t tid; (tid = next_stop(&status)) != 0;)
            detach_stopped(tracer, tid, status);
        reap_tracees(tracer);
        if (tracer_root_ended(tracer))
            drop_tracee(tracer, tracer->root);
        if (tracer->tracee_count > 0)
            poll(NULL, 0, 1);
    }
}
