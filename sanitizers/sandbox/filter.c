/* SPDX-License-Identifier: MIT */
/*
 * What is refused, and why; everything else is allowed, because compilers, Valgrind and the sanitizers
 * need most of the rest, and files are Landlock's.
 *
 * In tier C the command has the same user id as we: calls that reach the user's other files (modes,
 * owners, times, attributes: Landlock does not cover them) or other processes (limits, priorities, and
 * signals where Landlock has no scope for them) are refused there, but for those on itself.
 *
 * A filter sees numbers, not what pointers lead to. So clone3(2) and openat2(2), whose flags lie in
 * memory, do not exist (ENOSYS), and glibc takes clone(2) and openat(2).
 */
#include "sandbox/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "sandbox/landlock.h"

/* Refused in every tier. */
static const char *const always[] = {
    /* Kernel interfaces that check rights of their own, or leave something behind. */
    "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open",
    "userfaultfd", "add_key", "request_key", "keyctl", "fanotify_init", "lookup_dcookie",
    "open_by_handle_at", "name_to_handle_at",
    /* System V IPC outlives its processes, and is memory that nobody holds. */
    "shmget", "shmat", "shmctl", "semget", "semop", "semtimedop", "semctl", "msgget", "msgsnd",
    "msgrcv", "msgctl", "mq_open", "mq_unlink",
    /* File systems and namespaces. */
    "mount", "umount2", "umount", "pivot_root", "chroot", "unshare", "setns", "open_tree",
    "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "swapon", "swapoff",
    "quotactl", "quotactl_fd",
    /* Links, FIFOs and devices that we would meet in the scratch folder. */
    "symlink", "symlinkat", "mknod", "mknodat",
    /* The machine. */
    "reboot", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module",
    "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname",
    "iopl", "ioperm", "acct", "syslog", "vhangup", "nfsservctl"};

/* Refused unless the command may trace. */
static const char *const tracing[] = {"ptrace", "process_vm_readv", "process_vm_writev",
                                      "pidfd_getfd", "kcmp"};

/* They do not exist. */
static const char *const absent[] = {"clone3", "openat2"};

/* Of an ordinary user's files. */
static const char *const file_owner[] = {
    "chmod",         "fchmod",     "fchmodat",    "fchmodat2",    "chown",
    "fchown",        "lchown",     "fchownat",    "setxattr",     "lsetxattr",
    "fsetxattr",     "setxattrat", "removexattr", "lremovexattr", "fremovexattr",
    "removexattrat", "utime",      "utimes",      "futimesat",    "utimensat"};

/* Of all that the user runs. */
static const char *const process_owner[] = {"setpriority", "ioprio_set"};

/* Signals, where Landlock keeps none in. */
static const char *const other_signals[] = {"tkill", "pidfd_send_signal"};

/* The process is this argument: none but 0, itself. */
static const struct who {
    const char *name;
    unsigned argument;
} only_itself[] = {{"prlimit64", 0},      {"sched_setaffinity", 0}, {"sched_setscheduler", 0},
                   {"sched_setparam", 0}, {"sched_setattr", 0},     {"migrate_pages", 0},
                   {"move_pages", 0}},
  only_its_number[] = {
      {"kill", 0}, {"tgkill", 0}, {"rt_sigqueueinfo", 0}, {"rt_tgsigqueueinfo", 0}};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A call that this libseccomp or this processor does not know is not there to be refused. */
static int refuse(scmp_filter_ctx filter, int error, const char *name, unsigned count,
                  const struct scmp_arg_cmp *where) {
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR)
        return 0;
    return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO((unsigned)error), number, count, where);
}

static int refuse_all(scmp_filter_ctx filter, int error, const char *const *names, size_t count) {
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++)
        result = refuse(filter, error, names[i], 0, NULL);
    return result;
}

static int refuse_where(scmp_filter_ctx filter, const char *name, struct scmp_arg_cmp where) {
    return refuse(filter, EPERM, name, 1, &where);
}

static int refuse_but(scmp_filter_ctx filter, const struct who *rows, size_t count,
                      scmp_datum_t number) {
    int result = 0;
    for (size_t i = 0; i < count && result == 0; i++)
        result =
            refuse_where(filter, rows[i].name, SCMP_CMP(rows[i].argument, SCMP_CMP_NE, number, 0));
    return result;
}

static int refuse_namespaces(scmp_filter_ctx filter) {
    static const unsigned flags[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,   CLONE_NEWNET,
                                     CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP};
    int result = 0;
    for (size_t i = 0; i < COUNT(flags) && result == 0; i++)
        result = refuse_where(filter, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
    return result;
}

/* Those that are numbers below the last allowed one, and all above it. A pair within one process
 * reaches nobody else. */
static int refuse_sockets(scmp_filter_ctx filter, bool loopback) {
    int result = refuse_where(filter, "socketpair", SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0));
    if (!loopback)
        return result == 0 ? refuse(filter, EPERM, "socket", 0, NULL) : result;
    for (unsigned family = 0; family < AF_INET6 && result == 0; family++)
        if (family != AF_UNIX && family != AF_INET)
            result = refuse_where(filter, "socket", SCMP_A0(SCMP_CMP_EQ, family, 0));
    return result == 0 ? refuse_where(filter, "socket", SCMP_A0(SCMP_CMP_GT, AF_INET6, 0)) : result;
}

/* The program's own number is all that a domain without a scope for signals can go by. */
static int refuse_signals(scmp_filter_ctx filter, int pid) {
    static const struct {
        const char *name;
        unsigned request;
    } owners[] = {
        {"fcntl", F_SETOWN}, {"fcntl", F_SETOWN_EX}, {"ioctl", FIOSETOWN}, {"ioctl", SIOCSPGRP}};
    int result = refuse_all(filter, EPERM, other_signals, COUNT(other_signals));
    if (result == 0)
        result = refuse_but(filter, only_its_number, COUNT(only_its_number), (scmp_datum_t)pid);
    for (size_t i = 0; i < COUNT(owners) && result == 0; i++)
        result = refuse_where(filter, owners[i].name,
                              SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX,
                                      owners[i].request)); /* the kernel takes 32 bits */
    return result;
}

/* truncate(2), and a file that is opened for reading alone and emptied. */
static int refuse_truncation(scmp_filter_ctx filter) {
    const scmp_datum_t mask = O_ACCMODE | O_TRUNC, emptied = O_RDONLY | O_TRUNC;
    int result = refuse(filter, EPERM, "truncate", 0, NULL);
    if (result == 0)
        result = refuse_where(filter, "open", SCMP_A1(SCMP_CMP_MASKED_EQ, mask, emptied));
    if (result == 0)
        result = refuse_where(filter, "openat", SCMP_A2(SCMP_CMP_MASKED_EQ, mask, emptied));
    return result;
}

static int refuse_for_user(scmp_filter_ctx filter, const struct sandbox *sandbox, int pid) {
    int result = refuse_all(filter, EPERM, file_owner, COUNT(file_owner));
    if (result == 0)
        result = refuse_all(filter, EPERM, process_owner, COUNT(process_owner));
    if (result == 0)
        result = refuse_but(filter, only_itself, COUNT(only_itself), 0);
    if (result == 0 && sandbox->landlock_abi < LANDLOCK_ABI_SIGNALS)
        result = refuse_signals(filter, pid);
    return result;
}

/* A program with the rights of whoever owns it would be left in the scratch folder. */
static int refuse_set_ids(scmp_filter_ctx filter) {
    static const struct {
        const char *name;
        unsigned mode, flags; /* which argument; flags: 0: it has none */
    } calls[] = {{"chmod", 1, 0}, {"fchmod", 1, 0}, {"fchmodat", 2, 0}, {"fchmodat2", 2, 0},
                 {"creat", 1, 0}, {"open", 2, 1},   {"openat", 3, 2}};
    static const unsigned bits[] = {S_ISUID, S_ISGID},
                          makes[] = {O_CREAT, O_TMPFILE & ~O_DIRECTORY};
    int result = 0;
    for (size_t i = 0; i < COUNT(calls) * COUNT(bits) * COUNT(makes) && result == 0; i++) {
        size_t call = i / (COUNT(bits) * COUNT(makes));
        unsigned bit = bits[i / COUNT(makes) % COUNT(bits)], make = makes[i % COUNT(makes)];
        bool opens = calls[call].flags != 0;
        if (!opens && i % COUNT(makes) != 0)
            continue;
        const struct scmp_arg_cmp where[] = {
            SCMP_CMP(calls[call].mode, SCMP_CMP_MASKED_EQ, bit, bit),
            SCMP_CMP(calls[call].flags, SCMP_CMP_MASKED_EQ, make, make)};
        result = refuse(filter, EPERM, calls[call].name, opens ? 2 : 1, where);
    }
    return result;
}

/* Only what `setarch -R` asks for, and asking. */
static int refuse_personalities(scmp_filter_ctx filter) {
    const scmp_datum_t others = 0xffffffffU & ~(scmp_datum_t)ADDR_NO_RANDOMIZE;
    int result = 0;
    for (unsigned bit = 0; bit < 31 && result == 0; bit++)
        if ((others >> bit & 1) != 0)
            result = refuse(filter, EPERM, "personality", 1,
                            &SCMP_A0(SCMP_CMP_MASKED_EQ, (1UL << 31) | 1UL << bit, 1UL << bit));
    return result;
}

static int fill(scmp_filter_ctx filter, const struct sandbox *sandbox,
                const struct sandbox_spec *spec, int pid) {
    int result = refuse_all(filter, EPERM, always, COUNT(always));
    if (result == 0)
        result = refuse_all(filter, ENOSYS, absent, COUNT(absent));
    if (result == 0 && !spec->traces)
        result = refuse_all(filter, EPERM, tracing, COUNT(tracing));
    if (result == 0)
        result = refuse_namespaces(filter);
    if (result == 0)
        result = refuse_sockets(filter, spec->loopback);
    if (result == 0)
        result = refuse_set_ids(filter);
    if (result == 0)
        result = refuse_personalities(filter);
    if (result == 0 && sandbox->landlock_abi > 0 && sandbox->landlock_abi < LANDLOCK_ABI_TRUNCATE)
        result = refuse_truncation(filter);
    if (result == 0 && sandbox->tier == SANDBOX_C)
        result = refuse_for_user(filter, sandbox, pid);
    return result;
}

int filter_enter(const struct sandbox *sandbox, const struct sandbox_spec *spec, int pid) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL) {
        errno = ENOMEM;
        return -1;
    }
    int result = fill(filter, sandbox, spec, pid);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    errno = -result;
    return result == 0 ? 0 : -1;
}
