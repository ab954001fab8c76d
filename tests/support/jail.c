/* SPDX-License-Identifier: MIT */
#include "tests/support/jail.h"

#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <unistd.h>

#define OTHER 65534

static const int namespaces[] = {SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(mount),
                                 SCMP_SYS(umount2), SCMP_SYS(pivot_root)};
static const int landlock_calls[] = {SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_add_rule),
                                     SCMP_SYS(landlock_restrict_self)};

static int fill(scmp_filter_ctx filter, bool landlock) {
    int result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces && result == 0; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), namespaces[i], 0);
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

bool jail_enter(bool landlock) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool entered = filter != NULL && fill(filter, landlock) == 0 && seccomp_load(filter) == 0;
    if (filter != NULL)
        seccomp_release(filter);
    return entered;
}

/* A process that has changed its user is not to be looked at by it, until it says otherwise. */
bool jail_become_other(void) {
    return setgroups(0, NULL) == 0 && setresgid(OTHER, OTHER, OTHER) == 0 &&
           setresuid(OTHER, OTHER, OTHER) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0;
}
