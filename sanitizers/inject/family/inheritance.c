/* SPDX-License-Identifier: MIT */
/*
 * Which calls leave a held child what it is: a table. A call that is not in it may change something
 * that the child has inherited (a handler, the folder where it is, a limit) and that cannot be read
 * from it, or the child itself.
 */
#include "inject/family/inheritance.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "inject/process/tracee.h"

/* Calls that change nothing that is inherited but memory and descriptors, whoever makes them... */
static const short harmless[] = {
    SYS_close,
    SYS_dup,
    SYS_dup2,
    SYS_dup3,
    SYS_pipe,
    SYS_pipe2,
    SYS_brk,
    SYS_mmap,
    SYS_munmap,
    SYS_stat,
    SYS_fstat,
    SYS_lstat,
    SYS_newfstatat,
    SYS_statx,
    SYS_access,
    SYS_readlink,
    SYS_readlinkat,
    SYS_getcwd,
    SYS_uname,
    SYS_sysinfo,
    SYS_getrandom,
    SYS_getpid,
    SYS_gettid,
    SYS_getppid,
    SYS_getuid,
    SYS_geteuid,
    SYS_getgid,
    SYS_getegid,
    SYS_getrusage,
    SYS_getrlimit,
    SYS_times,
    SYS_time,
    SYS_gettimeofday,
    SYS_clock_gettime,
    SYS_clock_getres,
    SYS_sched_yield,
    SYS_rt_sigreturn,
    SYS_rt_sigprocmask,
    SYS_rt_sigpending,
    SYS_rt_sigsuspend,
    SYS_rt_sigtimedwait,
    SYS_pause,
    SYS_write,
    SYS_writev,
    SYS_read,
    SYS_readv,
    SYS_poll,
    SYS_ppoll,
    SYS_select,
    SYS_pselect6,
    SYS_nanosleep,
    SYS_clock_nanosleep,
    SYS_wait4,
    SYS_waitid,
    SYS_setitimer,
    SYS_getitimer,
    SYS_alarm,
    SYS_restart_syscall,
    SYS_fork,
    SYS_exit,
    SYS_exit_group,
};

/* ...and such as change only the process that makes them. */
static const short own[] = {
    SYS_mprotect,        SYS_mremap, SYS_madvise,    SYS_rt_sigaction,
    SYS_sigaltstack,     SYS_open,   SYS_openat,     SYS_set_robust_list,
    SYS_set_tid_address, SYS_rseq,   SYS_arch_prctl, SYS_lseek,
};

static bool is_in(long call, const short *table, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (table[i] == call)
            return true;
    return false;
}

static bool is_plain_fork(const struct cpu *cpu) {
    const uint64_t ids = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
    return cpu_call(cpu) == SYS_clone && (cpu_argument(cpu, 0) & ~ids) == SIGCHLD &&
           cpu_argument(cpu, 1) == 0;
}

/* Not a lock with priority inheritance: the kernel keeps its owner. */
static bool is_plain_futex(const struct cpu *cpu) {
    uint64_t operation = cpu_argument(cpu, 1) & (uint64_t)FUTEX_CMD_MASK;
    return cpu_call(cpu) == SYS_futex &&
           (operation == FUTEX_WAIT || operation == FUTEX_WAKE || operation == FUTEX_WAIT_BITSET ||
            operation == FUTEX_WAKE_BITSET);
}

static bool is_plain_fcntl(const struct cpu *cpu) {
    uint64_t command = cpu_argument(cpu, 1);
    return cpu_call(cpu) == SYS_fcntl &&
           (command == F_GETFL || command == F_SETFL || command == F_GETFD || command == F_SETFD ||
            command == F_DUPFD || command == F_DUPFD_CLOEXEC);
}

static bool is_to_itself(const struct task *task) {
    long call = cpu_call(&task->cpu);
    uint64_t id = (uint64_t)task->id;
    if (call == SYS_tgkill)
        return cpu_argument(&task->cpu, 0) == id && cpu_argument(&task->cpu, 1) == id;
    return (call == SYS_kill || call == SYS_tkill) && cpu_argument(&task->cpu, 0) == id;
}

/* Its delivery changes what is inherited, without a call. */
static bool resets_handler(const struct task *task) {
    uint64_t words[2] = {0}, action = cpu_argument(&task->cpu, 1); /* the handler, flags */
    return cpu_call(&task->cpu) == SYS_rt_sigaction && action != 0 &&
           tracee_get(task->pid, action, words, sizeof words) && (words[1] & SA_RESETHAND) != 0;
}

static bool is_harmless(const struct task *task, bool first) {
    const struct cpu *cpu = &task->cpu;
    long call = cpu_call(cpu);
    return is_in(call, harmless, sizeof harmless / sizeof *harmless) ||
           (!first && is_in(call, own, sizeof own / sizeof *own)) || is_plain_fork(cpu) ||
           is_plain_futex(cpu) || is_plain_fcntl(cpu) || is_to_itself(task);
}

void inheritance_note_call(struct inheritance *inheritance, const struct task *task, bool first,
                           bool any_held) {
    long call = cpu_call(&task->cpu);
    inheritance->resets |= resets_handler(task);
    inheritance->called = true;
    if (!any_held) {
        inheritance->estranged = false;
        return;
    }
    inheritance->remapped |= first && (call == SYS_brk || call == SYS_mmap || call == SYS_munmap);
    if (!is_harmless(task, first))
        inheritance->estranged = true;
}

void inheritance_note_signal(struct inheritance *inheritance) {
    inheritance->estranged |= inheritance->resets;
}
