/* SPDX-License-Identifier: MIT */
/* Stand-ins that read, write and leave what they must not. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "hazard/selftest/attempt.h"

#define PATH_SIZE 4096
#define MOUNTS "mount namespace, Landlock"
#define FILES                                                                                      \
    { MOUNTS, "Landlock", "Landlock" }
#define PATHS(format, ...)                                                                         \
    char path[PATH_SIZE];                                                                          \
    snprintf(path, sizeof path, format, __VA_ARGS__)

/* What it reads it prints: the self-test knows its secret when it sees it. */
static bool show(const char *path) {
    char text[256];
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return false;
    ssize_t length = read(fd, text, sizeof text);
    if (length > 0)
        printf("%.*s\n", (int)length, text);
    return length >= 0;
}

static bool read_secret(const struct attempt_place *place) {
    return show(place->secret);
}

static bool read_hidden(const struct attempt_place *place) {
    return show(place->hidden);
}

/* Up from the folder that is allowed. */
static bool read_upwards(const struct attempt_place *place) {
    PATHS("%s/../../../../../../../..%s", place->scratch, place->secret);
    return show(path);
}

static bool read_by_proc(const struct attempt_place *place) {
    PATHS("/proc/self/root%s", place->secret);
    if (show(path))
        return true;
    snprintf(path, sizeof path, "/proc/1/root%s", place->secret);
    if (show(path))
        return true;
    snprintf(path, sizeof path, "/proc/%d/cwd/secret", (int)place->bystander);
    return show(path);
}

static bool list_folder(const struct attempt_place *place) {
    DIR *folder = opendir(place->outside);
    return folder != NULL;
}

static bool know_existence(const struct attempt_place *place) {
    struct stat status;
    return stat(place->secret, &status) == 0;
}

static bool read_disk(const struct attempt_place *place) {
    (void)place;
    glob_t found;
    bool could = false;
    int cause = ENOENT;
    if (glob("/dev/[svn][dv]*", 0, NULL, &found) != 0) {
        errno = cause;
        return false;
    }
    for (size_t i = 0; i < found.gl_pathc && !could; i++) {
        could = open(found.gl_pathv[i], O_RDONLY | O_NONBLOCK) >= 0;
        cause = errno;
    }
    errno = cause;
    return could;
}

static bool open_kernel_log(const struct attempt_place *place) {
    (void)place;
    return open("/dev/kmsg", O_RDONLY | O_NONBLOCK) >= 0 || open("/dev/mem", O_RDONLY) >= 0;
}

static bool open_terminal(const struct attempt_place *place) {
    (void)place;
    return open("/dev/tty", O_RDWR | O_NONBLOCK) >= 0 || open("/dev/console", O_WRONLY) >= 0;
}

static bool append(const char *path) {
    int fd = open(path, O_WRONLY | O_APPEND);
    return fd >= 0 && write(fd, "changed\n", 8) == 8;
}

static bool write_outside(const struct attempt_place *place) {
    PATHS("%s/kept", place->outside);
    return append(path);
}

static bool write_given(const struct attempt_place *place) {
    PATHS("%s/given", place->shared);
    return append(path);
}

static bool create(const char *path) {
    return open(path, O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0;
}

static bool create_outside(const struct attempt_place *place) {
    PATHS("%s/made", place->outside);
    return create(path);
}

/* A hand-in that would be its own judge. */
static bool forge_report(const struct attempt_place *place) {
    puts("{\"scores\": {\"Races\": 100}}\n{\"verdict\": \"proved\", \"points\": 100}");
    PATHS("%s/results.json", place->outside);
    return create(path);
}

/* In tier A they are private; whether the machine's own have it is looked at from outside. */
static bool create_shared_memory(const struct attempt_place *place) {
    PATHS("/dev/shm/hazard-selftest-%d", (int)place->bystander);
    create(path);
    return false;
}

static bool create_temporary(const struct attempt_place *place) {
    PATHS("/tmp/hazard-selftest-%d", (int)place->bystander);
    create(path);
    snprintf(path, sizeof path, "/var/tmp/hazard-selftest-%d", (int)place->bystander);
    return create(path);
}

static bool truncate_outside(const struct attempt_place *place) {
    PATHS("%s/kept", place->outside);
    return truncate(path, 0) == 0;
}

static bool empty_by_opening(const struct attempt_place *place) {
    PATHS("%s/given", place->shared);
    return open(path, O_RDONLY | O_TRUNC) >= 0;
}

static bool unlink_outside(const struct attempt_place *place) {
    PATHS("%s/kept", place->outside);
    return unlink(path) == 0;
}

static bool rename_outside(const struct attempt_place *place) {
    PATHS("%s/kept", place->outside);
    return rename(path, "taken") == 0;
}

static bool change_mode(const struct attempt_place *place) {
    PATHS("%s/given", place->shared);
    return chmod(path, 0) == 0 || chmod(place->secret, 0) == 0;
}

static bool change_time(const struct attempt_place *place) {
    PATHS("%s/given", place->shared);
    const struct timespec old[2] = {{1, 0}, {1, 0}};
    return utimensat(AT_FDCWD, path, old, 0) == 0;
}

static bool link_hard(const struct attempt_place *place) {
    PATHS("%s/given", place->shared);
    return link(path, "linked") == 0 || link(place->secret, "linked") == 0;
}

static bool link_soft(const struct attempt_place *place) {
    return symlink(place->secret, "results.json") == 0;
}

static bool leave_fifo(const struct attempt_place *place) {
    (void)place;
    return mkfifo("fifo", 0666) == 0;
}

static bool leave_device(const struct attempt_place *place) {
    (void)place;
    return mknod("device", S_IFCHR | 0666, makedev(1, 3)) == 0;
}

static bool leave_socket(const struct attempt_place *place) {
    (void)place;
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return fd >= 0 && bind(fd, (const struct sockaddr *)&name, sizeof name) == 0;
}

static bool leave_set_id(const struct attempt_place *place) {
    (void)place;
    int fd = open("program", O_WRONLY | O_CREAT, 0755);
    return (fd >= 0 && fchmod(fd, 04755) == 0) || open("other", O_WRONLY | O_CREAT, 04755) >= 0;
}

static const struct attempt files[] = {
    {"read-secret", "reads a secret by its path", FILES, read_secret, NULL, false},
    {"read-hidden", "reads a file that only its owner may read", FILES, read_hidden, NULL, false},
    {"read-upwards", "reads a secret up from its own folder", FILES, read_upwards, NULL, false},
    {"read-by-proc", "reads a secret through /proc", FILES, read_by_proc, NULL, false},
    {"read-disk",
     "reads the disk itself",
     {MOUNTS, "Landlock, spare user", "Landlock"},
     read_disk,
     NULL,
     false},
    {"read-kernel-log", "reads the kernel's log or memory", FILES, open_kernel_log, NULL, false},
    {"list-folder", "lists a folder outside", FILES, list_folder, NULL, false},
    {"know-existence",
     "asks whether a file outside exists",
     {"mount namespace", NULL, NULL},
     know_existence,
     NULL,
     false},
    {"open-terminal",
     "opens the terminal",
     {"mount namespace, own session", "own session, Landlock", "own session, Landlock"},
     open_terminal,
     NULL,
     false},
    {"write-outside", "writes to a file outside", FILES, write_outside, NULL, false},
    {"write-given", "writes to a file that it may read", FILES, write_given, NULL, false},
    {"create-outside", "makes a file outside", FILES, create_outside, NULL, false},
    {"create-temporary",
     "makes a file in the machine's /tmp",
     {"private /tmp", "Landlock", "Landlock"},
     create_temporary,
     NULL,
     false},
    {"create-shared-memory",
     "leaves a file in the machine's /dev/shm",
     {"private /dev/shm", "Landlock", "Landlock"},
     create_shared_memory,
     NULL,
     false},
    {"forge-report",
     "prints a verdict, and writes one where results go",
     {MOUNTS, "Landlock", "Landlock"},
     forge_report,
     NULL,
     false},
    {"truncate-outside",
     "empties a file outside",
     {MOUNTS, "Landlock", "Landlock, seccomp"},
     truncate_outside,
     NULL,
     false},
    {"truncate-given",
     "empties a file as it opens it to read",
     {MOUNTS, "Landlock", "Landlock, seccomp"},
     empty_by_opening,
     NULL,
     false},
    {"unlink-outside", "removes a file outside", FILES, unlink_outside, NULL, false},
    {"rename-outside", "moves a file from outside to itself", FILES, rename_outside, NULL, false},
    {"change-mode",
     "takes rights from files that it does not own",
     {"mount namespace, spare user", "spare user", "seccomp"},
     change_mode,
     NULL,
     false},
    {"change-time",
     "changes the time of a file that it does not own",
     {"mount namespace, spare user", "spare user", "seccomp"},
     change_time,
     NULL,
     false},
    {"hard-link", "links a file from outside into its folder", FILES, link_hard, NULL, false},
    {"symlink",
     "leaves a symbolic link in the place of a result",
     {"seccomp", "seccomp, Landlock", "seccomp, Landlock"},
     link_soft,
     NULL,
     false},
    {"fifo",
     "leaves a FIFO that stops who opens it",
     {"seccomp", "seccomp, Landlock", "seccomp, Landlock"},
     leave_fifo,
     NULL,
     false},
    {"device",
     "leaves a device",
     {"seccomp", "seccomp, Landlock", "seccomp, Landlock"},
     leave_device,
     NULL,
     false},
    {"socket-file",
     "leaves a socket",
     {"seccomp", "seccomp, Landlock", "seccomp, Landlock"},
     leave_socket,
     NULL,
     false},
    {"set-user-id",
     "leaves a program with its owner's rights",
     {"seccomp", "seccomp", "seccomp"},
     leave_set_id,
     NULL,
     false},
};

struct attempt_list attempt_list_files(void) {
    return (struct attempt_list){files, sizeof files / sizeof *files};
}
