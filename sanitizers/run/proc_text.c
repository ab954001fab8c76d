/* SPDX-License-Identifier: MIT */
#include "run/proc_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

#define BLOCK 4096

/* How much was read; less than `size` at the end of the file, and after an error. */
static size_t read_full(int fd, char *block, size_t size) {
    size_t length = 0;
    while (length < size) {
        ssize_t part = read(fd, block + length, size - length);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            break;
        length += (size_t)part;
    }
    return length;
}

char *proc_text(void *owner, const char *format, ...) {
    char path[128];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);

    size_t room = BLOCK, length = 0;
    char *text = new_array(owner, char, room);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && (length += read_full(fd, text + length, room - length)) == room)
        text = grow_array(owner, text, char, room *= 2);
    text[length] = '\0';
    if (fd >= 0)
        close(fd);
    return text;
}

const char *proc_field(const char *text, const char *key) {
    size_t length = strlen(key);
    while (strncmp(text, key, length) != 0) {
        text = strchr(text, '\n');
        if (text == NULL)
            return "";
        text++;
    }
    return text + length;
}
