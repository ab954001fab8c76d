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
#include "inject/process/launch.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/process/tracee.h"
#include "run/guard.h"
#include "run/proc_text.h"

#define FILE_LIMIT_BYTES (256UL << 20)
#define STACK_BYTES 65536 /* of the initial stack, at most: arguments, environment, auxv */

/* The errors of the new process, told through a pipe that closes by itself at a successful exec. */
static void tell(int fd, int code) {
    if (write(fd, &code, sizeof code) < 0)
        _exit(126);
    _exit(127);
}

/* What the user says goes before it. */
static char *const *fixed_environment(const struct surroundings *surroundings) {
    const char *libraries = getenv("LD_LIBRARY_PATH"); /* where the user's are */
    clearenv();
    setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
    setenv("HOME", "/", 1);
    setenv("LC_ALL", "C", 1);
    if (libraries != NULL)
        setenv("LD_LIBRARY_PATH", libraries, 1);
    surroundings_set(surroundings->environment);
    return environ;
}

static void become_program(const struct launch *launch, const int out[2], int go, int told) {
    char byte;
    setsid();
    /* hazard may have shut its memory, of which we are a copy: nobody could trace us. */
    prctl(PR_SET_DUMPABLE, 1);
    if (write(told, "", 1) != 1)
        _exit(127);
    if (TEMP_FAILURE_RETRY(read(go, &byte, 1)) != 1) /* until we are seized */
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
    if (launch->processors != NULL)
        sched_setaffinity(0, sizeof *launch->processors, launch->processors);
    if (surroundings_enter(&launch->surroundings) != 0)
        tell(told, errno);
    for (int i = 0; i < 2; i++)
        if (launch->keep[i] > 0)
            dup2(STDOUT_FILENO + i, launch->keep[i]);
    dup2(out[0], STDOUT_FILENO);
    dup2(out[1], STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
    for (int i = 0; i < 2; i++)
        if (launch->keep[i] > 0)
            fcntl(launch->keep[i], F_SETFD, 0);
    if (guard_enter(NULL) != 0)
        tell(told, errno);
    /* execve does not change its arguments; POSIX types them so for historical reasons. */
    execve(launch->argv[0], (char *const *)(uintptr_t)launch->argv,
           fixed_environment(&launch->surroundings));
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
                "`--security-opt seccomp=unconfined`",
                strerror(reason));
}

/* Without fixed addresses no two runs are the same to the instruction: workers would not come to the
 * same points, nor a second look to what was found. */
static int check_addresses(struct error *error) {
    int now = personality(0xffffffff); /* it only asks */
    if (now >= 0 && personality((unsigned long)now | ADDR_NO_RANDOMIZE) >= 0) {
        personality((unsigned long)now);
        return 0;
    }
    int reason = errno;
    char *randomize = proc_text(NULL, "/proc/sys/kernel/randomize_va_space");
    bool random = randomize[0] != '0';
    talloc_free(randomize);
    if (!random || (now >= 0 && (now & ADDR_NO_RANDOMIZE) != 0))
        return 0;
    return fail(
        error,
        "the addresses of a program cannot be fixed here (personality: %s): in a container, "
        "allow it with `--security-opt seccomp=unconfined`, or a profile that allows "
        "personality 0x40000 (--cap-add=SYS_PTRACE does not)",
        strerror(reason));
}

/* The exec stop lies inside the call: out of it, to the first instruction. */
static bool leave_exec(pid_t pid) {
    if (!tracee_step(pid, 0))
        return false;
    struct stop stop = tracee_next_stop(pid);
    return stop.kind == STOP_TRAP;
}

/* Seizes the waiting process and lets it exec. */
static int seize_and_exec(pid_t pid, const char *name, int go, int told, struct error *error) {
    unsigned long options = PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                            PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP |
                            PTRACE_O_TRACESYSGOOD;
    char ready;
    if (TEMP_FAILURE_RETRY(read(told, &ready, 1)) != 1) /* the walkers' timers interrupt it */
        return fail(error, "cannot start %s: it died at once", name);
    if (ptrace(PTRACE_SEIZE, pid, NULL, options) != 0)
        return say_forbidden(error);
    if (write(go, "", 1) != 1)
        return fail(error, "cannot start %s: %s", name, strerror(errno));
    struct stop stop = tracee_next_stop(pid);
    int code = 0;
    if (stop.kind == STOP_EXEC && leave_exec(pid))
        return 0;
    if (TEMP_FAILURE_RETRY(read(told, &code, sizeof code)) != (ssize_t)sizeof code)
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

pid_t launch_program(const struct launch *launch, struct capture *capture, struct error *error) {
    int pipes[4][2]; /* stdout, stderr, go, what exec said */
    if (check_addresses(error) != 0 || make_pipes(pipes, error) != 0)
        return -1;
    for (int i = 0; i < 2; i++) { /* room for a large write: it must not sleep */
        fcntl(pipes[i][1], F_SETPIPE_SZ, 1 << 20);
        fcntl(pipes[i][0], F_SETFL, O_NONBLOCK);
    }
    pid_t pid = fork();
    if (pid == 0)
        become_program(launch, (int[]){pipes[0][1], pipes[1][1]}, pipes[2][0], pipes[3][1]);
    close(pipes[0][1]);
    close(pipes[1][1]);
    close(pipes[2][0]);
    close(pipes[3][1]);
    int bad = pid < 0 ? fail(error, "cannot fork: %s", strerror(errno))
                      : seize_and_exec(pid, launch->argv[0], pipes[2][1], pipes[3][0], error);
    close(pipes[2][1]);
    close(pipes[3][0]);
    if (bad != 0) {
        close(pipes[0][0]);
        close(pipes[1][0]);
        if (pid > 0)
            tracee_kill(pid);
        return -1;
    }
    fix_auxv(pid);
    *capture = (struct capture){{pipes[0][0], pipes[1][0]}};
    return pid;
}

uint64_t launch_entry(pid_t pid) {
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
