/* SPDX-License-Identifier: MIT */
#include "hazard/grade/handin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/folder.h"
#include "base/memory.h"
#include "base/whole.h"

struct taking {
    void *owner;
    const struct assignment *assignment;
    const char *into;
    struct handin *handin;
    struct error *error;
};

/* The student's fault. Returns 1. */
static int refuse(const struct taking *taking, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int refuse(const struct taking *taking, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *words = never_null(talloc_vasprintf(taking->owner, format, arguments));
    va_end(arguments);
    taking->handin->refusal = clean_line(taking->owner, words);
    return 1;
}

/* ---- Opening ---------------------------------------------------------------------------------- */

/* No part of the name may be a link, which could lead anywhere. -1 and errno. */
static int open_below(int folder, const char *name) {
    char part[NAME_MAX + 1];
    int at = dup(folder);
    for (const char *slash; at >= 0 && (slash = strchr(name, '/')) != NULL; name = slash + 1) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - name), name);
        int next = openat(at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int cause = errno;
        close(at);
        errno = cause;
        at = next;
    }
    int fd = at < 0 ? -1 : openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    int cause = errno;
    if (at >= 0)
        close(at);
    errno = cause;
    return fd;
}

/* The name of a C file that is there in place of one that is missing. */
static const char *other_source(void *owner, int folder) {
    int copy = dup(folder);
    DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
    const char *found = NULL;
    for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (length > 2 && strcmp(entry->d_name + length - 2, ".c") == 0 &&
            (found == NULL || strcmp(entry->d_name, found) < 0))
            found = talloc_strdup(owner, entry->d_name);
    }
    if (list != NULL)
        closedir(list);
    else if (copy >= 0)
        close(copy);
    return found;
}

static int refuse_missing(const struct taking *taking, int folder, const char *name) {
    const char *other = other_source(taking->owner, folder);
    return refuse(taking, "%s is missing%s%s", name, other != NULL ? "; there is " : "",
                  other != NULL ? other : "");
}

/* ---- Copying ---------------------------------------------------------------------------------- */

/* All that may be there, and a byte more. */
static char *read_most(void *owner, int fd, size_t most, size_t *size) {
    char *bytes = new_array(owner, char, most + 1);
    ssize_t got = 1;
    for (*size = 0; got > 0 && *size <= most; *size += got > 0 ? (size_t)got : 0)
        got = read(fd, bytes + *size, most + 1 - *size);
    return got < 0 ? NULL : bytes;
}

static int write_copy(const struct taking *taking, const char *name, const char *bytes,
                      size_t size) {
    char *path = never_null(talloc_asprintf(taking->owner, "%s/%s", taking->into, name));
    char *folder = talloc_strndup(path, path, (size_t)(strrchr(path, '/') - path));
    if (folder_make(folder, taking->error) != 0)
        return -1;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool good = fd >= 0 && whole_write(fd, bytes, size);
    int cause = errno;
    if (fd >= 0 && close(fd) != 0)
        good = false;
    return good ? 0 : fail(taking->error, "cannot write %s: %s", path, strerror(cause));
}

static int copy_file(const struct taking *taking, int fd, const struct wanted_file *wanted) {
    struct stat info;
    size_t size;
    const char *name = wanted->name;
    if (fstat(fd, &info) != 0)
        return fail(taking->error, "cannot read %s: %s", name, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return refuse(taking, "%s is no regular file: hand in the file itself", name);
    char *bytes = read_most(taking->owner, fd, (size_t)wanted->bytes, &size);
    if (bytes == NULL)
        return fail(taking->error, "cannot read %s: %s", name, strerror(errno));
    if (size > (size_t)wanted->bytes)
        return refuse(taking, "%s is too large: at most %d bytes", name, wanted->bytes);
    if (size == 0)
        return refuse(taking, "%s is empty", name);
    if (memchr(bytes, '\0', size) != NULL)
        return refuse(taking, "%s is no text: it has a byte 0 in it", name);
    return write_copy(taking, name, bytes, size);
}

static int take_file(const struct taking *taking, int folder, const struct wanted_file *wanted) {
    int fd = open_below(folder, wanted->name);
    if (fd < 0 && errno == ENOENT)
        return wanted->optional ? 0 : refuse_missing(taking, folder, wanted->name);
    if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
        return refuse(taking, "%s is a link, or lies behind one: hand in the file itself",
                      wanted->name);
    if (fd < 0 && errno == ENXIO)
        return refuse(taking, "%s is no regular file: hand in the file itself", wanted->name);
    if (fd < 0)
        return fail(taking->error, "cannot read %s: %s", wanted->name, strerror(errno));
    int result = copy_file(taking, fd, wanted);
    close(fd);
    return result;
}

/* The one file that has to be there; NULL: there are several. */
static const struct wanted_file *only_file(const struct assignment *assignment) {
    const struct wanted_file *only = NULL;
    for (size_t i = 0; i < assignment->file_count; i++) {
        if (assignment->files[i].optional)
            continue;
        if (only != NULL)
            return NULL;
        only = &assignment->files[i];
    }
    return only;
}

static int take_from(const struct taking *taking, int fd, bool is_folder) {
    const struct assignment *assignment = taking->assignment;
    const struct wanted_file *only = only_file(assignment);
    if (!is_folder && only != NULL)
        return copy_file(taking, fd, only);
    if (!is_folder)
        return refuse(taking, "%zu files are asked for: hand in a folder that has them",
                      assignment->file_count);
    int result = 0;
    for (size_t i = 0; result == 0 && i < assignment->file_count; i++)
        result = take_file(taking, fd, &assignment->files[i]);
    return result;
}

/* ---- The hand-in ------------------------------------------------------------------------------ */

static const char *const *list_sources(void *owner, const struct assignment *assignment,
                                       const char *into) {
    const char **sources = new_array(owner, const char *, assignment->file_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < assignment->file_count; i++) {
        const char *name = assignment->files[i].name;
        size_t length = strlen(name);
        if (length > 2 && strcmp(name + length - 2, ".c") == 0 &&
            access(talloc_asprintf(owner, "%s/%s", into, name), F_OK) == 0)
            sources[count++] = name;
    }
    return sources;
}

int handin_take(void *owner, const struct assignment *assignment, const char *path,
                const char *into, struct handin *handin, struct error *error) {
    const struct taking taking = {owner, assignment, into, handin, error};
    struct stat info;
    *handin = (struct handin){0};
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && (errno == ELOOP || errno == ENXIO)) {
        refuse(&taking, "the hand-in is no folder and no regular file");
        return 0;
    }
    if (fd < 0 || fstat(fd, &info) != 0) {
        int cause = errno;
        if (fd >= 0)
            close(fd);
        return fail(error, "cannot read the hand-in %s: %s", path, strerror(cause));
    }
    int result = take_from(&taking, fd, S_ISDIR(info.st_mode));
    close(fd);
    handin->sources = list_sources(owner, assignment, into);
    return result < 0 ? -1 : 0;
}

const char *handin_name(void *owner, const char *path) {
    char *name = never_null(talloc_strdup(owner, path));
    size_t length = strlen(name);
    while (length > 1 && name[length - 1] == '/')
        name[--length] = '\0';
    const char *slash = strrchr(name, '/'), *last = slash != NULL ? slash + 1 : name;
    if (strcmp(last, ".") != 0 && strcmp(last, "..") != 0)
        return last;
    char *whole = realpath(path, NULL);
    last = never_null(talloc_strdup(owner, whole != NULL ? strrchr(whole, '/') + 1 : last));
    free(whole);
    return last;
}
