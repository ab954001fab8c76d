/* SPDX-License-Identifier: MIT */
/*
 * A result file is there whole or not at all: a CI job that uploads it must never see half of one.
 * So it is written under another name in the same folder (rename works within a file system only),
 * brought to the disk (an error may show no earlier than fsync or close), and only then renamed.
 */
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/whole.h"

static int write_special(const char *path, const char *bytes, size_t size, struct error *error) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(error, "cannot open %s: %s", path, strerror(errno));
    int result = 0;
    if (!whole_write(fd, bytes, size))
        result = fail(error, "cannot write %s: %s", path, strerror(errno));
    close(fd);
    return result;
}

/* mkstemp makes files that only we may read; a result has the mode that open would give it. */
static int finish(int fd, mode_t mode, const char *bytes, size_t size) {
    int failed = !whole_write(fd, bytes, size) || fchmod(fd, mode) != 0 || fsync(fd) != 0;
    int reason = errno;
    if (close(fd) != 0 && !failed)
        return -1;
    errno = reason;
    return failed ? -1 : 0;
}

static mode_t usual_mode(void) {
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static int write_beside(const char *path, mode_t mode, const char *bytes, size_t size,
                        struct error *error) {
    char *beside = never_null(talloc_asprintf(NULL, "%s.XXXXXX", path));
    int fd = mkstemp(beside), result = -1;
    if (fd < 0) {
        fail(error, "cannot write %s: cannot make a file beside it: %s", path, strerror(errno));
    } else if (finish(fd, mode, bytes, size) != 0 || rename(beside, path) != 0) {
        fail(error, "cannot write %s: %s", path, strerror(errno));
        unlink(beside);
    } else {
        result = 0;
    }
    talloc_free(beside);
    return result;
}

int file_replace(const char *path, const char *bytes, size_t size, struct error *error) {
    struct stat info;
    if (stat(path, &info) != 0)
        return write_beside(path, usual_mode(), bytes, size, error);
    if (S_ISDIR(info.st_mode))
        return fail(error, "cannot write %s: it is a folder", path);
    if (!S_ISREG(info.st_mode))
        return write_special(path, bytes, size, error);
    char *target = realpath(path, NULL); /* a link stays a link; the file it leads to is replaced */
    int result =
        write_beside(target != NULL ? target : path, info.st_mode & 07777, bytes, size, error);
    free(target);
    return result;
}
