/* SPDX-License-Identifier: MIT */
/*
 * A claim is an abstract socket's name: the kernel lets one process have it, and takes it back when
 * that ends.
 */
#include "sandbox/spare_user.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* Below 65,536, which is all that a container with user ids of its own has. */
#define FIRST 30000
#define COUNT 1000
#define ROUNDS 2000

/* What has ended and is not waited for yet does no harm. */
static bool is_zombie(int proc, const char *number) {
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "%.20s/stat", number);
    int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return true;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    const char *bracket = length > 0 ? strrchr(text, ')') : NULL;
    return bracket == NULL || strncmp(bracket, ") Z", 3) == 0;
}

static bool has_process(uid_t uid) {
    DIR *proc = opendir("/proc");
    bool any = false;
    for (struct dirent *entry; proc != NULL && !any && (entry = readdir(proc)) != NULL;) {
        struct stat status;
        any = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
              fstatat(dirfd(proc), entry->d_name, &status, 0) == 0 && status.st_uid == uid &&
              !is_zombie(dirfd(proc), entry->d_name);
    }
    if (proc != NULL)
        closedir(proc);
    return any;
}

/* The descriptor, or -1. */
static int claim(uid_t uid) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    int length = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "hazard-sandbox-%u", uid);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
    if (fd >= 0 && bind(fd, (const struct sockaddr *)&name, size) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

int spare_user_take(struct spare_user *user, struct error *error) {
    for (uid_t uid = FIRST; uid < FIRST + COUNT; uid++) {
        if (getpwuid(uid) != NULL || getgrgid(uid) != NULL)
            continue;
        int fd = claim(uid);
        if (fd >= 0 && !has_process(uid)) {
            *user = (struct spare_user){uid, fd};
            return 0;
        }
        if (fd >= 0)
            close(fd);
    }
    return fail(error, "no user id from %d to %d is free for the sandbox", FIRST,
                FIRST + COUNT - 1);
}

bool spare_user_end(const struct spare_user *user) {
    for (int round = 0; round < ROUNDS && has_process(user->uid); round++) {
        pid_t killer = fork();
        if (killer == 0) {
            /* -1 is everybody whom it may kill, but itself: those of the user. */
            if (setresuid(user->uid, user->uid, user->uid) == 0)
                kill(-1, SIGKILL);
            _exit(0);
        }
        waitpid(killer, NULL, 0);
        poll(NULL, 0, 1);
    }
    return !has_process(user->uid);
}

void spare_user_return(struct spare_user *user) {
    if (user->claim >= 0)
        close(user->claim);
    user->claim = -1;
}
