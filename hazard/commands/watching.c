/* SPDX-License-Identifier: MIT */
/*
 * Editors write a file anew, or put another in its place: so folders are watched, and the names in
 * them.
 */
#include "hazard/commands/watching.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "run/run.h"

#define SETTLE_MILLISECONDS 100 /* who saves one file may be about to save another */

struct watched {
    const char *path; /* absolute */
    const char *name; /* in its folder */
    int folder;       /* inotify's number for that */
};

struct source_watch {
    int fd;
    struct watched *files;
    size_t count;
};

static int end(struct source_watch *watching) {
    close(watching->fd);
    return 0;
}

/* ---- What is watched ------------------------------------------------------------------------- */

static bool is_watched(const struct source_watch *watching, const char *path) {
    for (size_t i = 0; i < watching->count; i++)
        if (strcmp(watching->files[i].path, path) == 0)
            return true;
    return false;
}

/* False if it is watched already, or cannot be. */
static bool add(struct source_watch *watching, const char *path) {
    const char *slash = strrchr(path, '/');
    if (slash == NULL || is_watched(watching, path))
        return false;
    char *folder = talloc_strndup(watching, path, (size_t)(slash - path + 1));
    int number = inotify_add_watch(watching->fd, folder, IN_CLOSE_WRITE | IN_MOVED_TO);
    watching->files = grow_array(watching, watching->files, struct watched, watching->count + 1);
    path = never_null(talloc_strdup(watching, path));
    watching->files[watching->count++] = (struct watched){path, strrchr(path, '/') + 1, number};
    return number >= 0;
}

/* The file that an #include in quotes names, beside the one that includes it; NULL: there is none. */
static char *included(void *owner, const char *from, const char *line) {
    const char *at = line + strspn(line, " \t");
    if (*at++ != '#')
        return NULL;
    at += strspn(at, " \t");
    if (strncmp(at, "include", 7) != 0)
        return NULL;
    at += 7 + strspn(at + 7, " \t");
    if (*at++ != '"')
        return NULL;
    char *path = talloc_asprintf(owner, "%.*s/%.*s", (int)(strrchr(from, '/') - from), from,
                                 (int)strcspn(at, "\"\n"), at);
    char *resolved = realpath(path, NULL);
    char *copy = resolved != NULL ? talloc_strdup(owner, resolved) : NULL;
    free(resolved);
    return copy;
}

static void add_source(struct source_watch *watching, const char *path) {
    struct error ignored;
    if (!add(watching, path))
        return;
    char *text = file_read(NULL, path, &ignored);
    for (const char *line = text; line != NULL && *line != '\0';) {
        const char *header = included(text, path, line);
        if (header != NULL)
            add_source(watching, header);
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    talloc_free(text);
}

struct source_watch *watching_new(void *owner, const struct targets *targets, struct error *error) {
    struct source_watch *watching = never_null(talloc_zero(owner, struct source_watch));
    watching->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watching->fd < 0) {
        fail(error, "cannot watch files: %s", strerror(errno));
        talloc_free(watching);
        return NULL;
    }
    talloc_set_destructor(watching, end);
    for (size_t i = 0; i < targets->count; i++) {
        const struct target *target = &targets->items[i];
        for (size_t j = 0; j < target->sources.count; j++)
            add_source(watching, target->sources.paths[j]);
        if (target->binary != NULL)
            add(watching, target->binary);
        if (target->surroundings.input != NULL)
            add(watching, target->surroundings.input);
    }
    return watching;
}

size_t watching_count(const struct source_watch *watching) {
    return watching->count;
}

/* ---- Waiting --------------------------------------------------------------------------------- */

static bool is_ours(const struct source_watch *watching, const struct inotify_event *event) {
    for (size_t i = 0; event->len > 0 && i < watching->count; i++)
        if (watching->files[i].folder == event->wd &&
            strcmp(watching->files[i].name, event->name) == 0)
            return true;
    return (event->mask & IN_Q_OVERFLOW) != 0;
}

/* All that was noted so far. */
static bool any_changed(const struct source_watch *watching) {
    _Alignas(struct inotify_event) char bytes[16384];
    bool any = false;
    for (ssize_t length; (length = read(watching->fd, bytes, sizeof bytes)) > 0;)
        for (char *at = bytes; at < bytes + length;) {
            const struct inotify_event *event = (const void *)at;
            any = is_ours(watching, event) || any;
            at += sizeof *event + event->len;
        }
    return any;
}

bool watching_wait(struct source_watch *watching) {
    struct pollfd noted = {.fd = watching->fd, .events = POLLIN};
    bool changed = false;
    while (!run_interrupted() && !changed) {
        poll(&noted, 1, -1);
        changed = any_changed(watching);
    }
    while (!run_interrupted() && poll(&noted, 1, SETTLE_MILLISECONDS) > 0)
        any_changed(watching);
    return !run_interrupted();
}
