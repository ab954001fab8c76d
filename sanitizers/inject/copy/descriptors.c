/* SPDX-License-Identifier: MIT */
#include "inject/copy/descriptors.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/proc_text.h"

/* May a copy share it? */
static bool is_shared(const struct stat *it, const struct capture *capture) {
    struct stat other;
    if (S_ISCHR(it->st_mode))
        return stat("/dev/null", &other) == 0 && it->st_rdev == other.st_rdev;
    for (int i = 0; i < 2; i++)
        if (fstat(capture->fd[i], &other) == 0 && it->st_ino == other.st_ino &&
            it->st_dev == other.st_dev)
            return true;
    return false;
}

/* A copy has it for itself from the start. */
static bool is_input(int number, const struct stat *it) {
    return number == STDIN_FILENO && S_ISREG(it->st_mode);
}

static bool is_pipe(const char *path) {
    char target[64];
    static const char word[] = "pipe:[";
    ssize_t length = readlink(path, target, sizeof target);
    return length > (ssize_t)sizeof word && memcmp(target, word, sizeof word - 1) == 0;
}

static bool read_one(pid_t pid, int number, const struct capture *capture,
                     struct descriptor *descriptor) {
    char path[64];
    struct stat it;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, number);
    if (stat(path, &it) != 0)
        return false;
    bool shared = is_shared(&it, capture) || is_input(number, &it);
    if (!shared && !is_pipe(path))
        return false;
    char *info = proc_text(NULL, "/proc/%d/fdinfo/%d", (int)pid, number);
    const char *flags = proc_field(info, "flags:");
    *descriptor = (struct descriptor){.number = number,
                                      .input = is_input(number, &it),
                                      .pipe = !shared,
                                      .device = it.st_dev,
                                      .inode = it.st_ino,
                                      .flags = (int)strtol(flags, NULL, 8)};
    bool good = *flags != '\0';
    talloc_free(info);
    return good;
}

static int by_number(const void *one, const void *other) {
    const struct descriptor *a = one, *b = other;
    return (a->number > b->number) - (a->number < b->number);
}

struct descriptors *descriptors_read(void *owner, pid_t pid, const struct capture *capture) {
    struct descriptors *all = never_null(talloc_zero(owner, struct descriptors));
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    bool good = folder != NULL;
    for (struct dirent *entry; good && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        all->items = grow_array(all, all->items, struct descriptor, all->count + 1);
        struct descriptor *one = &all->items[all->count++];
        good = read_one(pid, atoi(entry->d_name), capture, one);
        all->any_pipe |= good && one->pipe;
        all->input |= good && one->input;
    }
    if (folder != NULL)
        closedir(folder);
    if (!good) {
        talloc_free(all);
        return NULL;
    }
    if (all->count > 0)
        qsort(all->items, all->count, sizeof *all->items, by_number);
    return all;
}

const struct descriptor *descriptors_find(const struct descriptors *all, int number) {
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].number == number)
            return &all->items[i];
    return NULL;
}
