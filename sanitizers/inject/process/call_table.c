/* SPDX-License-Identifier: MIT */
#include "inject/process/call_table.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define CALLS 1024

/* 0 in the table means that the call is not in it. */
enum { KNOWN = 128, QUIET = CALL_QUIET | KNOWN, QUIET_SLEEPS = QUIET | CALL_SLEEPS };

static const unsigned char traits[CALLS] = {
    /* Memory, time, who am I, what is that file. */
    [SYS_brk] = QUIET,
    [SYS_mprotect] = QUIET,
    [SYS_munmap] = QUIET,
    [SYS_mremap] = QUIET,
    [SYS_madvise] = QUIET,
    [SYS_stat] = QUIET,
    [SYS_fstat] = QUIET,
    [SYS_lstat] = QUIET,
    [SYS_newfstatat] = QUIET,
    [SYS_statx] = QUIET,
    [SYS_lseek] = QUIET,
    [SYS_access] = QUIET,
    [SYS_readlink] = QUIET,
    [SYS_readlinkat] = QUIET,
    [SYS_getcwd] = QUIET,
    [SYS_uname] = QUIET,
    [SYS_sysinfo] = QUIET,
    [SYS_getrandom] = QUIET,
    [SYS_getpid] = QUIET,
    [SYS_gettid] = QUIET,
    [SYS_getppid] = QUIET,
    [SYS_getuid] = QUIET,
    [SYS_geteuid] = QUIET,
    [SYS_getgid] = QUIET,
    [SYS_getegid] = QUIET,
    [SYS_getrusage] = QUIET,
    [SYS_getrlimit] = QUIET,
    [SYS_prlimit64] = QUIET,
    [SYS_times] = QUIET,
    [SYS_time] = QUIET,
    [SYS_gettimeofday] = QUIET,
    [SYS_clock_gettime] = QUIET,
    [SYS_clock_getres] = QUIET,
    [SYS_sched_yield] = QUIET,
    [SYS_sched_getaffinity] = QUIET,
    [SYS_arch_prctl] = QUIET,
    [SYS_set_tid_address] = QUIET,
    [SYS_set_robust_list] = QUIET,
    [SYS_rseq] = QUIET,
    [SYS_sigaltstack] = QUIET,
    [SYS_rt_sigreturn] = QUIET,
    /* Whether the mask still blocks the signal is looked at after every call. */
    [SYS_rt_sigprocmask] = QUIET,
    [SYS_futex] = QUIET_SLEEPS,
    [SYS_write] = QUIET_SLEEPS,
    [SYS_writev] = QUIET_SLEEPS,
    [SYS_pwrite64] = QUIET_SLEEPS,
    /* They may look at a signal that is pending (signalfd, sigsuspend), or at a child. */
    [SYS_read] = KNOWN | CALL_SLEEPS,
    [SYS_readv] = KNOWN | CALL_SLEEPS,
    [SYS_pread64] = KNOWN | CALL_SLEEPS,
    [SYS_poll] = KNOWN | CALL_SLEEPS,
    [SYS_ppoll] = KNOWN | CALL_SLEEPS,
    [SYS_select] = KNOWN | CALL_SLEEPS,
    [SYS_pselect6] = KNOWN | CALL_SLEEPS,
    [SYS_epoll_wait] = KNOWN | CALL_SLEEPS,
    [SYS_epoll_pwait] = KNOWN | CALL_SLEEPS,
    [SYS_pause] = KNOWN | CALL_SLEEPS,
    [SYS_rt_sigsuspend] = KNOWN | CALL_SLEEPS,
    [SYS_rt_sigtimedwait] = KNOWN | CALL_SLEEPS,
    [SYS_nanosleep] = KNOWN | CALL_SLEEPS,
    [SYS_clock_nanosleep] = KNOWN | CALL_SLEEPS,
    [SYS_wait4] = KNOWN | CALL_SLEEPS,
    [SYS_waitid] = KNOWN | CALL_SLEEPS,
    [SYS_fcntl] = KNOWN | CALL_SLEEPS,
    [SYS_flock] = KNOWN | CALL_SLEEPS,
    [SYS_restart_syscall] = KNOWN | CALL_SLEEPS,
    [SYS_rt_sigpending] = KNOWN,
    [SYS_rt_sigaction] = KNOWN,
    [SYS_setitimer] = KNOWN,
    [SYS_getitimer] = KNOWN,
    [SYS_alarm] = KNOWN,
    [SYS_close] = KNOWN,
    [SYS_dup] = KNOWN,
    [SYS_dup2] = KNOWN,
    [SYS_dup3] = KNOWN,
    [SYS_ioctl] = KNOWN,
    [SYS_prctl] = KNOWN,
    /* They leave nothing but perhaps a pending signal. */
    [SYS_kill] = KNOWN | CALL_SHARES,
    [SYS_tkill] = KNOWN | CALL_SHARES,
    [SYS_tgkill] = KNOWN | CALL_SHARES,
    [SYS_rt_sigqueueinfo] = KNOWN | CALL_SHARES,
    /* New descriptors and processes. */
    [SYS_open] = KNOWN | CALL_SHARES,
    [SYS_openat] = KNOWN | CALL_SHARES,
    [SYS_pipe] = KNOWN | CALL_SHARES,
    [SYS_pipe2] = KNOWN | CALL_SHARES,
    [SYS_socketpair] = KNOWN | CALL_SHARES,
    [SYS_signalfd4] = KNOWN | CALL_SHARES,
    [SYS_fork] = KNOWN | CALL_SHARES,
    [SYS_vfork] = KNOWN | CALL_SHARES | CALL_SLEEPS,
    [SYS_clone] = KNOWN | CALL_SHARES | CALL_SLEEPS,
    [SYS_clone3] = KNOWN | CALL_SHARES | CALL_SLEEPS,
    [SYS_exit] = KNOWN | CALL_ENDS,
    [SYS_exit_group] = KNOWN | CALL_ENDS,
};

unsigned call_traits(const struct cpu *cpu) {
    long call = cpu_call(cpu);
    if (call == SYS_mmap)
        return (cpu_argument(cpu, 3) & MAP_TYPE) == MAP_PRIVATE ? CALL_QUIET : CALL_SHARES;
    if (call < 0 || call >= CALLS || traits[call] == 0)
        return CALL_SHARES | CALL_SLEEPS;
    return traits[call] & (unsigned)~KNOWN;
}

/* What is quiet leaves signals, children and descriptors as they are; but bytes may be written, and
 * somebody woken. */
bool call_is_private(const struct cpu *cpu) {
    switch (cpu_call(cpu)) {
    case SYS_write:
    case SYS_writev:
    case SYS_pwrite64:
    case SYS_futex:
        return false;
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
        return true;
    default:
        return (call_traits(cpu) & CALL_QUIET) != 0;
    }
}

static const struct timed_call timed[] = {
    {SYS_poll, 2, false, 1000000},        {SYS_epoll_wait, 3, false, 1000000},
    {SYS_epoll_pwait, 3, false, 1000000}, {SYS_ppoll, 2, true, 1},
    {SYS_pselect6, 4, true, 1},           {SYS_select, 4, true, 1000},
    {SYS_rt_sigtimedwait, 2, true, 1},    {SYS_futex, 3, true, 1},
};

const struct timed_call *call_timed(long call) {
    for (size_t i = 0; i < sizeof timed / sizeof *timed; i++)
        if (timed[i].call == call)
            return &timed[i];
    return NULL;
}

static const struct {
    long call;
    const char *name;
} names[] = {
    {SYS_read, "read"},
    {SYS_readv, "readv"},
    {SYS_write, "write"},
    {SYS_writev, "writev"},
    {SYS_poll, "poll"},
    {SYS_ppoll, "ppoll"},
    {SYS_select, "select"},
    {SYS_pselect6, "pselect"},
    {SYS_epoll_wait, "epoll_wait"},
    {SYS_epoll_pwait, "epoll_pwait"},
    {SYS_pause, "pause"},
    {SYS_rt_sigsuspend, "sigsuspend"},
    {SYS_rt_sigtimedwait, "sigwait"},
    {SYS_nanosleep, "nanosleep"},
    {SYS_clock_nanosleep, "clock_nanosleep"},
    {SYS_wait4, "wait"},
    {SYS_waitid, "waitid"},
    {SYS_fcntl, "fcntl"},
    {SYS_flock, "flock"},
    {SYS_futex, "futex"},
    {SYS_accept, "accept"},
    {SYS_accept4, "accept"},
    {SYS_connect, "connect"},
    {SYS_recvfrom, "recv"},
    {SYS_sendto, "send"},
    {SYS_open, "open"},
    {SYS_openat, "open"},
    {SYS_msgrcv, "msgrcv"},
    {SYS_semop, "semop"},
};

const char *call_name(long call) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].call == call)
            return names[i].name;
    return NULL;
}
