/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
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
    char *text = new_array(owner, char, info.st_size + 1);
    size_t length = 0;
    while (length < (size_t)info.st_size) {
        ssize_t part = read(fd, text + length, (size_t)info.st_size - length);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            break;
        length += (size_t)part;
    }
    close(fd);
    return text;
}

char *folder_new(void *owner, const char *parent, struct error *error) {
    char *path = never_null(talloc_asprintf(owner, "%s/hazard.XXXXXX", parent));
    if (mkdtemp(path) == NULL) {
        fail(error, "cannot make a folder in %s: %s", parent, strerror(errno));
        return NULL;
    }
    return path;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place) {
    (void)info, (void)type, (void)place;
    (void)remove(path);
    return 0;
}

void folder_remove(const char *path) {
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

int folder_make(const char *path, struct error *error) {
    char *copy = never_null(talloc_strdup(NULL, path));
    int result = 0;
    for (char *at = copy + 1; result == 0; at++) {
        bool end = *at == '\0';
        if (*at != '/' && !end)
            continue;
        *at = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            result = fail(error, "cannot make the folder %s: %s", copy, strerror(errno));
        if (end)
            break;
        *at = '/';
    }
    talloc_free(copy);
    return result;
}
