/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

char *file_read(void *owner, const char *path, struct error *error) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        fail(error, "cannot read %s: %s", path, fd < 0 ? strerror(errno) : "it is no regular file");
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    size_t size = (size_t)info.st_size;
    char *text = never_null(talloc_array_size(owner, 1, (unsigned)(size + 1)));
    size_t length = 0;
    while (length < size) {
        ssize_t part = read(fd, text + length, size - length);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            break;
        length += (size_t)part;
    }
    close(fd);
    memset(text + length, 0, size + 1 - length);
    return text;
}
