/* SPDX-License-Identifier: MIT */
#include "inject/process/tracee.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/proc_text.h"

/* ---- Stops --------------------------------------------------------------------------- */

static struct stop stop_of_event(pid_t pid, int event, int number) {
    unsigned long message = 0;
    switch (event) {
    case PTRACE_EVENT_FORK:
    case PTRACE_EVENT_VFORK:
    case PTRACE_EVENT_CLONE:
        ptrace(PTRACE_GETEVENTMSG, pid, NULL, &message);
        return (struct stop){STOP_CHILD, 0, (pid_t)message};
    case PTRACE_EVENT_SECCOMP:
        return (struct stop){.kind = STOP_CALL};
    case PTRACE_EVENT_EXEC:
        return (struct stop){.kind = STOP_EXEC};
    default:
        return (struct stop){.kind = number == SIGTRAP ? STOP_INTERRUPT : STOP_JOB,
                             .number = number};
    }
}

static struct stop stop_of_status(pid_t pid, int status) {
    if (WIFEXITED(status))
        return (struct stop){.kind = STOP_EXITED, .number = WEXITSTATUS(status)};
    if (WIFSIGNALED(status))
        return (struct stop){.kind = STOP_KILLED, .number = WTERMSIG(status)};
    int number = WSTOPSIG(status);
    if (status >> 16 != 0)
        return stop_of_event(pid, status >> 16, number);
    if (number == (SIGTRAP | 0x80))
        return (struct stop){.kind = STOP_CALL};
    return (struct stop){.kind = number == SIGTRAP ? STOP_TRAP : STOP_SIGNAL, .number = number};
}

static struct stop wait_with(pid_t pid, int flags) {
    int status;
    pid_t result = waitpid(pid, &status, __WALL | flags);
    if (result == pid)
        return stop_of_status(pid, status);
    /* Nobody there to wait for: as good as killed. */
    if (result < 0 && errno == ECHILD)
        return (struct stop){.kind = STOP_KILLED, .number = SIGKILL};
    return (struct stop){.kind = STOP_NONE};
}

struct stop tracee_wait(pid_t pid) {
    return wait_with(pid, 0);
}

struct stop tracee_poll(pid_t pid) {
    return wait_with(pid, WNOHANG);
}

bool tracee_step(pid_t pid, int signal_number) {
    return ptrace(PTRACE_SINGLESTEP, pid, NULL, (long)signal_number) == 0;
}

bool tracee_run_to_call(pid_t pid, bool filtered, int signal_number) {
    if (filtered)
        return ptrace(PTRACE_CONT, pid, NULL, (long)signal_number) == 0;
    return ptrace(PTRACE_SYSEMU, pid, NULL, (long)signal_number) == 0;
}

bool tracee_run_to_any_call(pid_t pid, bool executes, int signal_number) {
    return ptrace(executes ? PTRACE_SYSCALL : PTRACE_SYSEMU, pid, NULL, (long)signal_number) == 0;
}

bool tracee_is_behind_step(pid_t pid) {
    siginfo_t info;
    return ptrace(PTRACE_GETSIGINFO, pid, NULL, &info) == 0 && info.si_signo == SIGTRAP &&
           (info.si_code == TRAP_TRACE || info.si_code == TRAP_BRKPT);
}

bool tracee_set_siginfo(pid_t pid, const siginfo_t *info) {
    return ptrace(PTRACE_SETSIGINFO, pid, NULL, (void *)(uintptr_t)info) == 0;
}

bool tracee_step_from_call(pid_t pid) {
    return ptrace(PTRACE_SYSEMU_SINGLESTEP, pid, NULL, 0L) == 0;
}

void tracee_interrupt(pid_t pid) {
    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
}

void tracee_stay_stopped(pid_t pid) {
    ptrace(PTRACE_LISTEN, pid, NULL, NULL);
}

struct stop tracee_next_stop(pid_t pid) {
    struct stop stop;
    do
        stop = tracee_wait(pid);
    while (stop.kind == STOP_NONE);
    return stop;
}

/* ---- Calls of our own ---------------------------------------------------------------- */

/* Executes the call from `cpu`'s state, with the signals that come meanwhile left for later: there
 * are none where the engine uses it. Its child, if it makes one. */
static bool execute(pid_t pid, const struct cpu *cpu, uint64_t call_pc, long call,
                    const uint64_t arguments[6], long *result, pid_t *child) {
    struct cpu asking = *cpu, after;
    cpu_set_pc(&asking, call_pc);
    cpu_set_call(&asking, call, arguments);
    if (!cpu_write(pid, &asking) || !tracee_step(pid, 0))
        return false;
    struct stop stop = tracee_next_stop(pid);
    for (;; stop = tracee_next_stop(pid)) {
        if (stop.kind == STOP_CHILD)
            *child = stop.message;
        else if (stop.kind == STOP_TRAP && (!cpu_read(pid, &after) || cpu_pc(&after) != call_pc))
            break; /* at call_pc: the step only ended the call that it was stopped in */
        else if (stop.kind != STOP_TRAP && stop.kind != STOP_INTERRUPT && stop.kind != STOP_CALL)
            return false;
        if (!tracee_step(pid, 0))
            return false;
    }
    *result = cpu_result(&after);
    return cpu_write(pid, cpu);
}

long tracee_call(pid_t pid, uint64_t call_pc, long call, const uint64_t arguments[6]) {
    struct cpu cpu;
    pid_t child = 0;
    long result = -ESRCH;
    if (!cpu_read(pid, &cpu))
        return -ESRCH;
    cpu_set_pc(&cpu, cpu_pc(&cpu)); /* it may stand behind a call that must not be restarted */
    return execute(pid, &cpu, call_pc, call, arguments, &result, &child) ? result : -ESRCH;
}

static pid_t clone_with(uint64_t flags, pid_t pid, const struct cpu *cpu, uint64_t call_pc) {
    const uint64_t arguments[6] = {flags};
    struct cpu restored = *cpu;
    cpu_set_pc(&restored, cpu_pc(cpu));
    long result = -1;
    pid_t child = 0;
    bool made = execute(pid, &restored, call_pc, SYS_clone, arguments, &result, &child);
    if (child == 0)
        return -1;
    struct stop stop = tracee_next_stop(child);
    if (made && stop.kind == STOP_INTERRUPT && cpu_write(child, &restored))
        return child;
    tracee_kill(child);
    return -1;
}

pid_t tracee_copy(pid_t pid, const struct cpu *cpu, uint64_t call_pc) {
    /* CLONE_PARENT: it becomes our child, as the original is, and the original does not see it
     * end. */
    return clone_with(TRACEE_COPY_FLAGS, pid, cpu, call_pc);
}

pid_t tracee_child(pid_t pid, const struct cpu *cpu, uint64_t call_pc) {
    return clone_with(TRACEE_CHILD_FLAGS, pid, cpu, call_pc);
}

void tracee_kill(pid_t pid) {
    kill(pid, SIGKILL);
    struct stop stop;
    do {
        stop = tracee_next_stop(pid);
    } while (stop.kind != STOP_EXITED && stop.kind != STOP_KILLED);
}

/* ---- Looking ------------------------------------------------------------------------- */

bool tracee_get(pid_t pid, uint64_t address, void *bytes, size_t length) {
    struct iovec local = {bytes, length}, remote = {(void *)(uintptr_t)address, length};
    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)length;
}

bool tracee_put(pid_t pid, uint64_t address, const void *bytes, size_t length) {
    struct iovec local = {(void *)(uintptr_t)bytes, length};
    struct iovec remote = {(void *)(uintptr_t)address, length};
    return process_vm_writev(pid, &local, 1, &remote, 1, 0) == (ssize_t)length;
}

/* A file below /proc/PID, into `text`; false if it cannot be read. */
static bool read_proc(pid_t pid, const char *name, char *text, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);
    if (fd >= 0)
        close(fd);
    text[length < 0 ? 0 : length] = '\0';
    return length > 0;
}

/*
 * The state alone does not say it: who is about to sleep is S already while it looks once more
 * whether it must (do_wait, for one). /proc/PID/syscall says "running" until it has really left the
 * processor.
 */
bool tracee_sleeps(pid_t pid, bool deeply) {
    char text[512];
    if (!read_proc(pid, "stat", text, sizeof text))
        return false;
    const char *name_end = strrchr(text, ')'); /* the name may have any character in it */
    char state = name_end == NULL || name_end[1] == '\0' ? '\0' : name_end[2];
    if (state != 'S' && (state != 'D' || !deeply))
        return false;
    return read_proc(pid, "syscall", text, sizeof text) && text[0] != 'r';
}

struct signal_sets tracee_signals(pid_t pid) {
    char *text = proc_text(NULL, "/proc/%d/status", (int)pid);
    struct signal_sets sets = {
        .pending = strtoull(proc_field(text, "SigPnd:"), NULL, 16) |
                   strtoull(proc_field(text, "ShdPnd:"), NULL, 16),
        .blocked = strtoull(proc_field(text, "SigBlk:"), NULL, 16),
        .ignored = strtoull(proc_field(text, "SigIgn:"), NULL, 16),
        .caught = strtoull(proc_field(text, "SigCgt:"), NULL, 16),
    };
    talloc_free(text);
    return sets;
}

unsigned tracee_filters(pid_t pid) {
    char *text = proc_text(NULL, "/proc/%d/status", (int)pid);
    unsigned filters = (unsigned)strtoull(proc_field(text, "Seccomp_filters:"), NULL, 10);
    talloc_free(text);
    return filters;
}

uid_t tracee_user(pid_t pid) {
    char *text = proc_text(NULL, "/proc/%d/status", (int)pid);
    uid_t user = (uid_t)strtoull(proc_field(text, "Uid:"), NULL, 10);
    talloc_free(text);
    return user;
}

double tracee_seconds(pid_t pid) {
    clockid_t id;
    struct timespec time;
    if (clock_getcpuclockid(pid, &id) != 0 || clock_gettime(id, &time) != 0)
        return 0;
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}
