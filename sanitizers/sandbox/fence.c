/* SPDX-License-Identifier: MIT */
#include "sandbox/fence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/memory.h"
#include "run/guard.h"
#include "sandbox/landlock.h"
#include "sandbox/reach.h"

static struct fence {
    int abi;
    const char *builds, *own;
} fence;

/* Its temporary files are its own as well: Valgrind has some. */
static int enter(void *argument, const char *writes) {
    const struct fence *around = argument;
    const char *folders[] = {around->own, writes, NULL}, *at;
    void *owner = new_owner();
    struct reaches reaches = reach_programs(owner, around->builds, folders);
    setenv("TMPDIR", writes != NULL ? writes : around->own, 1);
    setenv("HOME", around->own, 1);
    int result = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (result == 0)
        result = landlock_enter(around->abi, &reaches, true, &at);
    int cause = errno;
    talloc_free(owner);
    errno = cause;
    return result;
}

int fence_raise(const char *builds, const char *own, struct error *error) {
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return fail(error, "cannot shut hazard's memory: %s", strerror(errno));
    fence = (struct fence){landlock_abi(), builds, own};
    if (fence.abi > 0)
        guard_set(enter, &fence);
    return 0;
}
