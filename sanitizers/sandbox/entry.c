/* SPDX-License-Identifier: MIT */
/*
 * The order matters: mounts need rights that the spare user lacks; Landlock and the filter need no
 * rights once there are no new privileges; a limit on processes must not hit what we fork ourselves; and the filter
 * is the last, because it refuses what was done before.
 */
#include "sandbox/entry.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <math.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "sandbox/filter.h"
#include "sandbox/landlock.h"
#include "sandbox/reach.h"
#include "sandbox/room.h"

void entry_note(const struct entry *entry, const char *step, const char *path) {
    entry->stage->step = step;
    entry->stage->path = path;
}

const char *const *entry_environment(void *owner, const struct sandbox_spec *spec) {
    size_t given = 0;
    while (spec->environment != NULL && spec->environment[given] != NULL)
        given++;
    const char **all = new_array(owner, const char *, given + 5);
    all[0] = "PATH=/usr/local/bin:/usr/bin:/bin";
    all[1] = "LC_ALL=C";
    all[2] = never_null(talloc_asprintf(owner, "HOME=%s", spec->scratch));
    all[3] = never_null(talloc_asprintf(owner, "TMPDIR=%s", spec->scratch));
    for (size_t i = 0; i < given; i++)
        all[4 + i] = spec->environment[i];
    return all;
}

/* RLIMIT_AS and RLIMIT_DATA are left alone: TSan maps terabytes that it never touches. */
static int limit(const struct entry *entry) {
    const struct sandbox_limits *limits = &entry->spec->limits;
    rlim_t seconds = (rlim_t)ceil(limits->seconds) + 1;
    rlim_t bytes = limits->file_bytes > 0 ? limits->file_bytes : limits->disk_bytes;
    const struct {
        __rlimit_resource_t resource;
        rlim_t most;
    } rows[] = {{RLIMIT_CPU, seconds},
                {RLIMIT_FSIZE, bytes},
                {RLIMIT_CORE, 0},
                {RLIMIT_NOFILE, limits->open_files},
                {RLIMIT_NPROC, entry->nproc},
                {RLIMIT_MSGQUEUE, 0}};
    entry_note(entry, "set limits", NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rlimit both = {rows[i].most, rows[i].most}, old;
        if (getrlimit(rows[i].resource, &old) == 0 && old.rlim_max < both.rlim_max)
            both = (struct rlimit){old.rlim_max, old.rlim_max};
        if (setrlimit(rows[i].resource, &both) != 0)
            return -1;
    }
    return 0;
}

/* What the bounding set still holds would come back to a user 0 of a namespace. */
static void drop_bounds(void) {
    for (unsigned long right = 0; prctl(PR_CAPBSET_READ, right) >= 0; right++)
        prctl(PR_CAPBSET_DROP, right);
}

static int become_spare(const struct entry *entry) {
    if (entry->uid == 0)
        return 0;
    entry_note(entry, "become the spare user", NULL);
    gid_t gid = entry->uid;
    drop_bounds();
    if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 ||
        setresuid(entry->uid, entry->uid, entry->uid) != 0)
        return -1;
    entry_note(entry, "make a user namespace", NULL);
    return entry->sandbox->tier == SANDBOX_A ? room_enter_user() : 0;
}

static int drop_rights(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    drop_bounds(); /* again: a user namespace brings them all */
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return syscall(SYS_capset, &header, none) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
               ? -1
               : 0;
}

/* The spare user reaches what all users reach: better said now than by the command. */
static int look_at_paths(const struct entry *entry) {
    entry_note(entry, "enter", entry->spec->scratch);
    if (chdir(entry->spec->scratch) != 0 || access(".", R_OK | W_OK | X_OK) != 0)
        return -1;
    for (const char *const *path = entry->spec->reads; path != NULL && *path != NULL; path++) {
        entry_note(entry, "read", *path);
        if (access(*path, R_OK) != 0)
            return -1;
    }
    if (entry->spec->folder == NULL)
        return 0;
    entry_note(entry, "enter", entry->spec->folder);
    return chdir(entry->spec->folder);
}

static int lock(const struct entry *entry, const struct reaches *reaches) {
    const char *at = NULL;
    const struct sandbox *sandbox = entry->sandbox;
    entry_note(entry, "give up rights", NULL);
    /* Who changes its user id loses this; and so does hazard's death not go unnoticed. */
    if (drop_rights() != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return -1;
    if (sandbox->landlock_abi > 0) {
        int result = landlock_enter(sandbox->landlock_abi, reaches, entry->spec->loopback, &at);
        entry_note(entry, "restrict by Landlock", at);
        if (result != 0)
            return -1;
    }
    entry_note(entry, "load the seccomp filter", NULL);
    return filter_enter(sandbox, entry->spec, getpid());
}

int entry_enter(void *argument) {
    const struct entry *entry = argument;
    void *owner = new_owner();
    struct reaches reaches = reach_list(owner, entry->sandbox, entry->spec);
    int result = entry->sandbox->tier == SANDBOX_A ? room_enter(entry, &reaches) : 0;
    if (result == 0)
        result = become_spare(entry);
    if (result == 0)
        result = look_at_paths(entry);
    if (result == 0)
        result = limit(entry);
    if (result == 0)
        result = lock(entry, &reaches);
    if (result == 0)
        entry_note(entry, "start", entry->spec->argv[0]);
    int cause = errno;
    talloc_free(owner);
    errno = cause;
    return result;
}
