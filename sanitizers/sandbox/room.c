/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation: four processes.
 *
 *   hazard        run.c: watches, and kills `outer` at a limit
 *     outer       made the namespaces; waits for `first`, then ends as the command ended
 *       first     number 1 in the pid namespace: waits for the command, tells how it ended through a pipe, and
 *                 ends; then the kernel kills whatever else is in the namespace. It dies with outer.
 *         command
 *
 * An ordinary user makes the user namespace with the others, because it brings the right to make
 * them. Root makes the others as root, and a user namespace when it has become the spare user
 * (room_enter_user): so what is mounted may lie in folders that only root can enter.
 *
 * The root is a tmpfs that takes the place of the old one by pivot_root(2); then the old one, whose paths
 * are bound into the new, is let go, and the tmpfs becomes read-only.
 */
#include "sandbox/room.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/whole.h"

#define OLD "/hazard-old"
#define PRIVATE "/hazard-private"
#define PATH_SIZE 4096
#define BLOCK 4096

/* ---- User namespaces -------------------------------------------------------------------------- */

static int write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    bool written = whole_write(fd, text, strlen(text));
    int cause = errno;
    close(fd);
    errno = cause;
    return written ? 0 : -1;
}

static int map_ids(uid_t uid, gid_t gid) {
    char users[64], groups[64];
    snprintf(users, sizeof users, "%u %u 1\n", uid, uid);
    snprintf(groups, sizeof groups, "%u %u 1\n", gid, gid);
    if (write_file("/proc/self/setgroups", "deny") != 0 ||
        write_file("/proc/self/uid_map", users) != 0)
        return -1;
    return write_file("/proc/self/gid_map", groups);
}

int room_enter_user(void) {
    uid_t uid = getuid();
    gid_t gid = getgid();
    prctl(PR_SET_DUMPABLE, 1); /* lost with the old user id; else our maps are not ours to write */
    return unshare(CLONE_NEWUSER) != 0 ? -1 : map_ids(uid, gid);
}

static int make_namespaces(void) {
    uid_t uid = geteuid();
    gid_t gid = getegid();
    int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    if (uid == 0)
        return unshare(flags);
    return unshare(flags | CLONE_NEWUSER) != 0 ? -1 : map_ids(uid, gid);
}

/* ---- The file system -------------------------------------------------------------------------- */

/* The folders above a path. */
static int make_parents(const char *path) {
    char parent[PATH_SIZE];
    snprintf(parent, sizeof parent, "%s", path);
    for (char *slash = strchr(parent + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(parent, 0755) != 0 && errno != EEXIST)
            return -1;
        *slash = '/';
    }
    return 0;
}

static int make_place(const char *path, bool folder) {
    if (make_parents(path) != 0)
        return -1;
    if (folder)
        return mkdir(path, 0755) != 0 && errno != EEXIST ? -1 : 0;
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    return fd < 0 ? -1 : close(fd);
}

static int copy_link(const char *from, const char *path) {
    char target[PATH_SIZE];
    ssize_t length = readlink(from, target, sizeof target - 1);
    if (length < 0)
        return -1;
    target[length] = '\0';
    return make_parents(path) != 0 ? -1 : symlink(target, path);
}

static int forbid(const char *path, unsigned long long attributes) {
    struct mount_attr attr = {.attr_set = attributes};
    return mount_setattr(AT_FDCWD, path, AT_RECURSIVE, &attr, sizeof attr);
}

/* The system's own links (/lib to usr/lib) stay links; what the caller names is what it leads to. */
static int bind_path(const struct reach *reach) {
    char from[PATH_SIZE + sizeof OLD];
    struct stat status;
    snprintf(from, sizeof from, OLD "%s", reach->path);
    if ((reach->asked ? stat : lstat)(from, &status) != 0)
        return errno == ENOENT && !reach->asked ? 0 : -1;
    if (S_ISLNK(status.st_mode))
        return copy_link(from, reach->path);
    if (make_place(reach->path, S_ISDIR(status.st_mode)) != 0 ||
        mount(from, reach->path, NULL, MS_BIND | MS_REC, NULL) != 0)
        return -1;
    unsigned long long none = MOUNT_ATTR_NOSUID;
    if (reach->kind == REACH_READ || reach->kind == REACH_DEVICE)
        none |= reach->kind == REACH_READ ? MOUNT_ATTR_RDONLY : MOUNT_ATTR_NOEXEC;
    bool device = S_ISCHR(status.st_mode);
    return forbid(reach->path, device ? none : none | MOUNT_ATTR_NODEV);
}

static int mount_proc(void) {
    if (mkdir("/proc", 0755) != 0 && errno != EEXIST)
        return -1;
    return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static int bind_private(const char *path, const char *part) {
    if (mkdir(part, 01777) != 0 || chmod(part, 01777) != 0 || make_place(path, true) != 0)
        return -1;
    return mount(part, path, NULL, MS_BIND, NULL);
}

/* One tmpfs for /tmp and /dev/shm: what is in both of them together has a bound. */
static int mount_private(const struct entry *entry) {
    char options[96];
    size_t bytes = entry->spec->limits.disk_bytes;
    snprintf(options, sizeof options, "mode=755,size=%zu,nr_inodes=%zu", bytes, bytes / BLOCK + 64);
    if (mkdir(PRIVATE, 0755) != 0 ||
        mount("tmpfs", PRIVATE, "tmpfs", MS_NOSUID | MS_NODEV, options) != 0)
        return -1;
    if (bind_private("/tmp", PRIVATE "/tmp") != 0 ||
        bind_private("/dev/shm", PRIVATE "/shm") != 0 || umount2(PRIVATE, MNT_DETACH) != 0)
        return -1;
    return rmdir(PRIVATE);
}

static bool is_private(const struct reach *reach) {
    return reach->kind == REACH_OWN && !reach->asked;
}

static int mount_paths(const struct entry *entry, const struct reaches *reaches) {
    entry_note(entry, "make a private", "/tmp");
    if (mount_private(entry) != 0)
        return -1;
    for (size_t i = 0; i < reaches->count; i++) {
        const struct reach *reach = &reaches->items[i];
        entry_note(entry, "mount", reach->path);
        if (is_private(reach))
            continue;
        if ((reach->kind == REACH_PROC ? mount_proc() : bind_path(reach)) != 0)
            return -1;
    }
    return 0;
}

static int link_descriptors(void) {
    static const char *const links[][2] = {{"/proc/self/fd", "/dev/fd"},
                                           {"/proc/self/fd/0", "/dev/stdin"},
                                           {"/proc/self/fd/1", "/dev/stdout"},
                                           {"/proc/self/fd/2", "/dev/stderr"}};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (symlink(links[i][0], links[i][1]) != 0)
            return -1;
    return 0;
}

/* pivot_root moves the tmpfs away from /tmp, so what lies below the old /tmp is to be seen again. */
static int make_root(const struct entry *entry, const struct reaches *reaches) {
    entry_note(entry, "make a root of its own", NULL);
    umask(0022);
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m") != 0 ||
        mkdir("/tmp" OLD, 0755) != 0 || syscall(SYS_pivot_root, "/tmp", "/tmp" OLD) != 0 ||
        chdir("/") != 0 || mount_paths(entry, reaches) != 0)
        return -1;
    entry_note(entry, "leave the old root", NULL);
    if (link_descriptors() != 0 || umount2(OLD, MNT_DETACH) != 0 || rmdir(OLD) != 0)
        return -1;
    struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
    return mount_setattr(AT_FDCWD, "/", 0, &attr, sizeof attr);
}

static int raise_loopback(const struct entry *entry) {
    if (!entry->spec->loopback)
        return 0;
    entry_note(entry, "raise the loopback network", NULL);
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int result = fd < 0 ? -1 : ioctl(fd, SIOCSIFFLAGS, &request);
    int cause = errno;
    if (fd >= 0)
        close(fd);
    errno = cause;
    return result;
}

/* ---- The processes ---------------------------------------------------------------------------- */

/* Nothing but this descriptor: not the command's output, and not what tells run.c of its start. */
static void keep_only(int fd) {
    int low = dup2(fd, STDIN_FILENO);
    close_range((unsigned)low + 1, ~0U, 0);
}

/* Ends as it ended. Whether its process is still there to be looked at does not matter. */
static _Noreturn void end_as(int status) {
    if (WIFEXITED(status))
        _exit(WEXITSTATUS(status));
    sigset_t all;
    sigfillset(&all);
    signal(WTERMSIG(status), SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &all, NULL);
    kill(getpid(), WTERMSIG(status));
    _exit(128 + WTERMSIG(status));
}

/* One that was killed has told nothing: so does the namespace end when we are out of memory. */
static _Noreturn void be_outer(int pipe_end, pid_t first) {
    int status = SIGKILL;
    keep_only(pipe_end);
    if (!whole_read(STDIN_FILENO, &status, sizeof status))
        status = SIGKILL;
    waitpid(first, NULL, 0);
    end_as(status);
}

static _Noreturn void be_first(int pipe_end, pid_t command) {
    int status = 0;
    pid_t ended;
    keep_only(pipe_end);
    do
        ended = wait(&status);
    while (ended != command && (ended > 0 || errno == EINTR));
    _exit(whole_write(STDIN_FILENO, &status, sizeof status) ? 0 : 1);
}

/* In the first process. Where Landlock does not keep the command from looking at it, who it is does. */
static int start_command(const struct entry *entry, const struct reaches *reaches, int pipe_end) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (raise_loopback(entry) != 0 || make_root(entry, reaches) != 0)
        return -1;
    entry_note(entry, "fork", NULL);
    pid_t command = fork();
    if (command < 0)
        return -1;
    if (command > 0) {
        if (entry->sandbox->landlock_abi == 0)
            prctl(PR_SET_DUMPABLE, 0);
        be_first(pipe_end, command);
    }
    close(pipe_end);
    return 0;
}

int room_enter(const struct entry *entry, const struct reaches *reaches) {
    int ends[2];
    entry_note(entry, "make namespaces", NULL);
    if (make_namespaces() != 0 || pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    entry_note(entry, "fork", NULL);
    pid_t first = fork();
    if (first < 0)
        return -1;
    if (first > 0)
        be_outer(ends[0], first);
    close(ends[0]);
    return start_command(entry, reaches, ends[1]);
}
