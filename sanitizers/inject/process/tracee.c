/* SPDX-License-Identifier: MIT */
/*
 * A run must be the same every time, to the instruction: so address space randomisation is off,
 * the environment is ours (it shifts the stack), the 16 random bytes that the kernel gives to every
 * program (stack protector, pointer guard) are set to a constant, and the vdso is hidden, whose
 * clock reading loops as often as the kernel updates the clock. The C library then asks the kernel
 * itself, as it does where there is no vdso.
 *
 * PTRACE_SEIZE rather than TRACEME: stops of new-born tracees are then no SIGSTOPs, which the
 * program could not be told from its own. See ptrace(2).
 */
#include "inject/process/tracee.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/process/filter.h"
#include "run/procfile.h"

#define FILE_LIMIT_BYTES (256UL << 20)
#define STACK_BYTES 65536 /* of the initial stack, at most: arguments, environment, auxv */

/* ---- Starting ------------------------------------------------------------------------ */

/* The errors of the new process, told through a pipe that closes by itself at a successful exec. */
static void tell(int fd, int code) {
    if (write(fd, &code, sizeof code) < 0)
        _exit(126);
    _exit(127);
}

static char *const *fixed_environment(void) {
    static char folders[] = "PATH=/usr/local/bin:/usr/bin:/bin", home[] = "HOME=/";
    static char language[] = "LC_ALL=C", libraries[4096];
    static char *words[] = {folders, home, language, NULL, NULL};
    const char *path = getenv("LD_LIBRARY_PATH"); /* where the user's libraries are */
    if (path != NULL) {
        snprintf(libraries, sizeof libraries, "LD_LIBRARY_PATH=%s", path);
        words[3] = libraries;
    }
    return words;
}

static void become_program(const struct tracee_start *start, const int out[2], int go, int told) {
    char byte;
    setsid();
    if (read(go, &byte, 1) != 1) /* until we are seized */
        _exit(127);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    struct rlimit core = {0, 0}, file = {FILE_LIMIT_BYTES, FILE_LIMIT_BYTES};
    setrlimit(RLIMIT_CORE, &core);
    setrlimit(RLIMIT_FSIZE, &file);
    personality(ADDR_NO_RANDOMIZE);
    if (start->processors != NULL)
        sched_setaffinity(0, sizeof *start->processors, start->processors);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    for (int i = 0; i < 2; i++)
        if (start->keep[i] > 0)
            dup2(STDOUT_FILENO + i, start->keep[i]);
    dup2(out[0], STDOUT_FILENO);
    dup2(out[1], STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    for (int i = 0; i < 2; i++)
        if (start->keep[i] > 0)
            fcntl(start->keep[i], F_SETFD, 0);
    /* execve does not change its arguments; POSIX types them so for historical reasons. */
    execve(start->argv[0], (char *const *)(uintptr_t)start->argv, fixed_environment());
    tell(told, errno);
}

/* Overwrites two entries of the auxiliary vector, which lies behind the environment. */
static void fix_auxv(pid_t pid) {
    struct cpu cpu;
    size_t most = STACK_BYTES / sizeof(uint64_t);
    uint64_t *words = calloc(most, sizeof *words);
    if (words == NULL || !cpu_read(pid, &cpu)) {
        free(words);
        return;
    }
    struct iovec local = {words, STACK_BYTES};
    struct iovec remote = {(void *)(uintptr_t)cpu_sp(&cpu), STACK_BYTES};
    ssize_t length = process_vm_readv(pid, &local, 1, &remote, 1, 0);
    size_t count = length <= 0 ? 0 : (size_t)length / sizeof *words;
    size_t at = 1; /* behind argc */
    for (int lists = 0; lists < 2; at++)
        if (at >= count || words[at] == 0)
            lists++;
    for (; at + 1 < count && words[at] != AT_NULL; at += 2) {
        static const unsigned char random[16] = "hazard: no luck";
        uint64_t hidden = AT_IGNORE;
        if (words[at] == AT_RANDOM)
            tracee_put(pid, words[at + 1], random, sizeof random);
        else if (words[at] == AT_SYSINFO_EHDR)
            tracee_put(pid, cpu_sp(&cpu) + at * sizeof *words, &hidden, sizeof hidden);
    }
    free(words);
}

static int say_forbidden(struct error *error) {
    int reason = errno;
    char *scope = proc_text(NULL, "/proc/sys/kernel/yama/ptrace_scope");
    bool yama = scope[0] == '2' || scope[0] == '3';
    talloc_free(scope);
    if (yama)
        return fail(error,
                    "ptrace is forbidden here: `sysctl kernel.yama.ptrace_scope=1` allows "
                    "it for a program's own children (%s)",
                    strerror(reason));
    return fail(error,
                "ptrace is forbidden here (%s): in a container, allow it with "
                "`--cap-add=SYS_PTRACE` or `--security-opt seccomp=unconfined`",
                strerror(reason));
}

/* The exec stop lies inside the call: out of it, to the first instruction. */
static bool leave_exec(pid_t pid) {
    if (!tracee_step(pid, 0))
        return false;
    struct stop stop;
    do
        stop = tracee_wait(pid);
    while (stop.kind == STOP_NONE);
    return stop.kind == STOP_TRAP;
}

/* Seizes the waiting process and lets it exec. */
static int seize_and_exec(pid_t pid, const char *name, int go, int told, struct error *error) {
    unsigned long options = PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                            PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP |
                            PTRACE_O_TRACESYSGOOD;
    if (ptrace(PTRACE_SEIZE, pid, NULL, options) != 0)
        return say_forbidden(error);
    if (write(go, "", 1) != 1)
        return fail(error, "cannot start %s: %s", name, strerror(errno));
    struct stop stop;
    do
        stop = tracee_wait(pid);
    while (stop.kind == STOP_NONE);
    int code = 0;
    if (stop.kind == STOP_EXEC && leave_exec(pid))
        return 0;
    if (read(told, &code, sizeof code) != (ssize_t)sizeof code)
        code = ECHILD;
    return fail(error, "cannot run %s: %s", name, strerror(code));
}

static void close_pair(const int fds[2]) {
    close(fds[0]);
    close(fds[1]);
}

static int make_pipes(int pipes[4][2], struct error *error) {
    for (int i = 0; i < 4; i++) {
        if (pipe2(pipes[i], O_CLOEXEC) == 0)
            continue;
        int code = errno;
        while (i-- > 0)
            close_pair(pipes[i]);
        return fail(error, "cannot make a pipe: %s", strerror(code));
    }
    return 0;
}

pid_t tracee_start(const struct tracee_start *start, struct capture *capture, struct error *error) {
    int pipes[4][2]; /* stdout, stderr, go, what exec said */
    if (make_pipes(pipes, error) != 0)
        return -1;
    for (int i = 0; i < 2; i++) { /* room for a large write: it must not sleep */
        fcntl(pipes[i][1], F_SETPIPE_SZ, 1 << 20);
        fcntl(pipes[i][0], F_SETFL, O_NONBLOCK);
    }
    pid_t pid = fork();
    if (pid == 0)
        become_program(start, (int[]){pipes[0][1], pipes[1][1]}, pipes[2][0], pipes[3][1]);
    close(pipes[0][1]);
    close(pipes[1][1]);
    close(pipes[2][0]);
    close(pipes[3][1]);
    int bad = pid < 0 ? fail(error, "cannot fork: %s", strerror(errno))
                      : seize_and_exec(pid, start->argv[0], pipes[2][1], pipes[3][0], error);
    close(pipes[2][1]);
    close(pipes[3][0]);
    if (bad != 0) {
        close(pipes[0][0]);
        close(pipes[1][0]);
        if (pid > 0)
            tracee_end(pid);
        return -1;
    }
    fix_auxv(pid);
    *capture = (struct capture){{pipes[0][0], pipes[1][0]}};
    return pid;
}

uint64_t tracee_entry(pid_t pid) {
    char path[64];
    uint64_t pair[2], entry = 0;
    snprintf(path, sizeof path, "/proc/%d/auxv", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && entry == 0 && read(fd, pair, sizeof pair) == (ssize_t)sizeof pair)
        if (pair[0] == AT_ENTRY)
            entry = pair[1];
    if (fd >= 0)
        close(fd);
    return entry;
}

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

void tracee_interrupt(pid_t pid) {
    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
}

void tracee_stay_stopped(pid_t pid) {
    ptrace(PTRACE_LISTEN, pid, NULL, NULL);
}

/* The next stop, whatever ticks. */
static struct stop wait_firmly(pid_t pid) {
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
    struct stop stop = wait_firmly(pid);
    for (;; stop = wait_firmly(pid)) {
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
    struct stop stop = wait_firmly(child);
    if (made && stop.kind == STOP_INTERRUPT && cpu_write(child, &restored))
        return child;
    tracee_end(child);
    return -1;
}

pid_t tracee_copy(pid_t pid, const struct cpu *cpu, uint64_t call_pc) {
    /* CLONE_PARENT: it becomes our child, as the original is, and the original does not see it
     * end. */
    return clone_with(FILTER_COPY_FLAGS, pid, cpu, call_pc);
}

pid_t tracee_child(pid_t pid, const struct cpu *cpu, uint64_t call_pc) {
    return clone_with(FILTER_CHILD_FLAGS, pid, cpu, call_pc);
}

void tracee_end(pid_t pid) {
    kill(pid, SIGKILL);
    struct stop stop;
    do {
        stop = wait_firmly(pid);
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

double tracee_seconds(pid_t pid) {
    clockid_t id;
    struct timespec time;
    if (clock_getcpuclockid(pid, &id) != 0 || clock_gettime(id, &time) != 0)
        return 0;
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}
