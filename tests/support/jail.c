/* SPDX-License-Identifier: MIT */
#include "tests/support/jail.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of each test its own: what one of a user's tests runs counts for the others' limits. */
unsigned jail_other(void) {
    return 40000 + (unsigned)getpid() % 20000;
}

/* What a process without CAP_SYS_ADMIN, CAP_SYS_PTRACE and the like may not call there. */
static const int forbidden[] = {SCMP_SYS(unshare),
                                SCMP_SYS(setns),
                                SCMP_SYS(mount),
                                SCMP_SYS(umount2),
                                SCMP_SYS(pivot_root),
                                SCMP_SYS(keyctl),
                                SCMP_SYS(add_key),
                                SCMP_SYS(request_key),
                                SCMP_SYS(userfaultfd),
                                SCMP_SYS(perf_event_open),
                                SCMP_SYS(bpf),
                                SCMP_SYS(kcmp),
                                SCMP_SYS(pidfd_getfd),
                                SCMP_SYS(process_madvise),
                                SCMP_SYS(io_uring_setup),
                                SCMP_SYS(fanotify_init),
                                SCMP_SYS(open_by_handle_at),
                                SCMP_SYS(syslog),
                                SCMP_SYS(acct),
                                SCMP_SYS(quotactl),
                                SCMP_SYS(reboot),
                                SCMP_SYS(swapon),
                                SCMP_SYS(settimeofday),
                                SCMP_SYS(clock_settime)};
static const int landlock_calls[] = {SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_add_rule),
                                     SCMP_SYS(landlock_restrict_self)};

static int fill(scmp_filter_ctx filter, bool landlock) {
    int result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden && result == 0; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0);
    for (unsigned flag = CLONE_NEWCGROUP; flag <= CLONE_NEWNET && result == 0; flag <<= 1)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                                  SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(personality), 1,
                                  SCMP_A0(SCMP_CMP_EQ, ADDR_NO_RANDOMIZE));
    for (size_t i = 0; i < sizeof landlock_calls / sizeof *landlock_calls && !landlock; i++)
        if (result == 0)
            result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), landlock_calls[i], 0);
    return result;
}

/* Those that Docker leaves to root. */
static const unsigned kept[] = {CAP_CHOWN,       CAP_DAC_OVERRIDE,    CAP_FOWNER, CAP_FSETID,
                                CAP_KILL,        CAP_SETGID,          CAP_SETUID, CAP_SETPCAP,
                                CAP_NET_RAW,     CAP_SYS_CHROOT,      CAP_MKNOD,  CAP_SETFCAP,
                                CAP_AUDIT_WRITE, CAP_NET_BIND_SERVICE};

static bool drop_rights(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{0}};
    unsigned mask = 0;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        mask |= 1U << kept[i];
    for (unsigned right = 0; prctl(PR_CAPBSET_READ, right) >= 0; right++)
        if ((right > 31 || (mask >> right & 1) == 0) && prctl(PR_CAPBSET_DROP, right) != 0)
            return false;
    data[0].effective = data[0].permitted = mask;
    return syscall(SYS_capset, &header, data) == 0;
}

bool jail_enter(bool landlock) {
    if (geteuid() == 0 && !drop_rights())
        return false;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool entered = filter != NULL && fill(filter, landlock) == 0 && seccomp_load(filter) == 0;
    if (filter != NULL)
        seccomp_release(filter);
    return entered;
}

/* A process that has changed its user is not to be looked at by it, until it says otherwise. */
bool jail_become_other(void) {
    unsigned other = jail_other();
    return setgroups(0, NULL) == 0 && setresgid(other, other, other) == 0 &&
           setresuid(other, other, other) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0;
}
