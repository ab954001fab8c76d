/* SPDX-License-Identifier: MIT */
#include "base/whole.h"

#include <errno.h>
#include <unistd.h>

bool whole_read(int fd, void *bytes, size_t size) {
    for (char *at = bytes; size > 0;) {
        ssize_t part = read(fd, at, size);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            return false;
        at += part;
        size -= (size_t)part;
    }
    return true;
}

bool whole_write(int fd, const void *bytes, size_t size) {
    for (const char *at = bytes; size > 0;) {
        ssize_t part = write(fd, at, size);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            return false;
        at += part;
        size -= (size_t)part;
    }
    return true;
}
