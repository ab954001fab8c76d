/* SPDX-License-Identifier: MIT */
#include "inject/family/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/memory.h"

#define LONGEST_PATH 4096

/* A string of the tracee's; "?" if it cannot be read. */
static void get_text(const struct asking *asking, uint64_t address, char text[LONGEST_PATH]) {
    size_t length = 0;
    while (length + 1 < LONGEST_PATH &&
           tracee_get(asking->task->pid, address + length, &text[length], 1) &&
           text[length] != '\0')
        length++;
    text[length] = '\0';
    if (length == 0)
        memcpy(text, "?", sizeof "?");
}

static bool refuses_file(const struct asking *asking, const char *does, uint64_t address) {
    char path[LONGEST_PATH];
    get_text(asking, address, path);
    return asking_refuses(asking, never_null(talloc_asprintf(
                                      asking->family,
                                      "%s '%s': its copies would all do that to the same file, and "
                                      "to yours",
                                      does, path)));
}

/* A terminal, /dev/null...: what is written there changes no file. */
static bool is_device(const struct asking *asking, int folder, const char *path) {
    char whole[LONGEST_PATH + 64];
    struct stat it;
    if (path[0] == '/')
        snprintf(whole, sizeof whole, "%s", path);
    else if (folder == AT_FDCWD)
        snprintf(whole, sizeof whole, "/proc/%d/cwd/%s", (int)asking->task->pid, path);
    else
        snprintf(whole, sizeof whole, "/proc/%d/fd/%d/%s", (int)asking->task->pid, folder, path);
    return stat(whole, &it) == 0 && S_ISCHR(it.st_mode);
}

static bool takes_opening(struct asking *asking, int folder, uint64_t address, int flags) {
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
    if (!writes)
        return false;
    char path[LONGEST_PATH];
    get_text(asking, address, path);
    return is_device(asking, folder, path) ? false : refuses_file(asking, "writes to", address);
}

static bool takes_open(struct asking *asking) {
    return takes_opening(asking, AT_FDCWD, asking_argument(asking, 0),
                         (int)asking_argument(asking, 1));
}

static bool takes_openat(struct asking *asking) {
    return takes_opening(asking, (int)asking_argument(asking, 0), asking_argument(asking, 1),
                         (int)asking_argument(asking, 2));
}

/* ---- Sockets --------------------------------------------------------------------------- */

static int address_family(const struct asking *asking) {
    sa_family_t family = AF_UNSPEC;
    tracee_get(asking->task->pid, asking_argument(asking, 1), &family, sizeof family);
    return family;
}

static bool takes_bind(struct asking *asking) {
    return asking_refuses(asking, "takes an address that only one process can have (bind)");
}

/* A socket of the file system is how the C library asks its helpers (syslogd, nscd). */
static bool takes_connect(struct asking *asking) {
    int family = address_family(asking);
    if (family == AF_UNIX || family == AF_UNSPEC)
        return false;
    return asking_refuses(asking, "talks to others over the network (connect)");
}

const struct asking_taker files_takers[] = {
    {SYS_open, takes_open},
    {SYS_openat, takes_openat},
    {SYS_bind, takes_bind},
    {SYS_connect, takes_connect},
    {0, NULL},
};

/* ---- Changes --------------------------------------------------------------------------- */

static const struct {
    short call, path; /* which argument is the path; -1: none */
    const char *does;
} changes[] = {
    {SYS_creat, 0, "writes to"},
    {SYS_truncate, 0, "truncates"},
    {SYS_unlink, 0, "removes"},
    {SYS_unlinkat, 1, "removes"},
    {SYS_rename, 0, "renames"},
    {SYS_renameat, 1, "renames"},
    {SYS_renameat2, 1, "renames"},
    {SYS_link, 1, "makes"},
    {SYS_linkat, 3, "makes"},
    {SYS_symlink, 1, "makes"},
    {SYS_symlinkat, 2, "makes"},
    {SYS_mknod, 0, "makes"},
    {SYS_mknodat, 1, "makes"},
    {SYS_mkdir, 0, "makes"},
    {SYS_mkdirat, 1, "makes"},
    {SYS_rmdir, 0, "removes"},
    {SYS_chmod, 0, "changes"},
    {SYS_fchmodat, 1, "changes"},
    {SYS_chown, 0, "changes"},
    {SYS_lchown, 0, "changes"},
    {SYS_fchownat, 1, "changes"},
    {SYS_openat2, 1, "opens"},
    {SYS_shmget, -1, "has memory in common with others (shmget)"},
    {SYS_semget, -1, "has semaphores in common with others (semget)"},
    {SYS_msgget, -1, "has messages in common with others (msgget)"},
    {SYS_mq_open, -1, "has messages in common with others (mq_open)"},
    {SYS_process_vm_readv, -1, "reads the memory of another process (process_vm_readv)"},
    {SYS_process_vm_writev, -1, "writes the memory of another process (process_vm_writev)"},
    {SYS_pidfd_send_signal, -1, "sends a signal by a descriptor (pidfd_send_signal)"},
    {SYS_pidfd_getfd, -1, "takes a descriptor of another process (pidfd_getfd)"},
    {SYS_kcmp, -1, "compares processes (kcmp)"},
    {SYS_sched_setscheduler, -1, "changes how it is scheduled (sched_setscheduler)"},
    {SYS_sched_setparam, -1, "changes how it is scheduled (sched_setparam)"},
    {SYS_epoll_pwait2, -1, "waits with a time-out that inject does not know (epoll_pwait2)"},
    {SYS_futex_waitv, -1, "waits with a time-out that inject does not know (futex_waitv)"},
    {SYS_recvmmsg, -1, "waits with a time-out that inject does not know (recvmmsg)"},
};

bool files_refuse_change(struct asking *asking) {
    long call = cpu_call(&asking->task->cpu);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (changes[i].call != call)
            continue;
        if (changes[i].path < 0)
            return asking_refuses(asking, changes[i].does);
        return refuses_file(asking, changes[i].does, asking_argument(asking, changes[i].path));
    }
    return false;
}
