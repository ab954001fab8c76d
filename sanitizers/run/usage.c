/* SPDX-License-Identifier: MIT */
#include "run/usage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#define STAT_BLOCK 512 /* st_blocks counts these: stat(2) */
#define ENTRY_BYTES 4096

size_t usage_of_folder(const char *folder) {
    char *const roots[] = {(char *)(uintptr_t)folder, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
    size_t sum = 0;
    for (FTSENT *entry; walk != NULL && (entry = fts_read(walk)) != NULL;) {
        if (entry->fts_info == FTS_DNR && entry->fts_errno == EACCES) {
            sum = SIZE_MAX / 2;
            break;
        }
        if (entry->fts_info == FTS_DP || entry->fts_statp == NULL || entry->fts_level == 0)
            continue;
        size_t bytes = (size_t)entry->fts_statp->st_blocks * STAT_BLOCK;
        sum += bytes > ENTRY_BYTES ? bytes : ENTRY_BYTES;
    }
    if (walk != NULL)
        fts_close(walk);
    return sum;
}

struct held_file {
    dev_t device;
    ino_t inode;
};

struct held_files {
    struct held_file *items;
    size_t count;
};

static bool is_known(const struct held_files *files, const struct stat *status) {
    for (size_t i = 0; i < files->count; i++)
        if (files->items[i].device == status->st_dev && files->items[i].inode == status->st_ino)
            return true;
    return false;
}

static void add_descriptor(struct held_files *files, struct usage_held *held, int folder,
                           const char *name) {
    struct stat status;
    char target[16] = "";
    if (fstatat(folder, name, &status, 0) != 0 || !S_ISREG(status.st_mode) ||
        status.st_nlink != 0 || is_known(files, &status))
        return;
    files->items = grow_array(NULL, files->items, struct held_file, files->count + 1);
    files->items[files->count++] = (struct held_file){status.st_dev, status.st_ino};
    ssize_t length = readlinkat(folder, name, target, sizeof target - 1);
    size_t bytes = (size_t)status.st_blocks * STAT_BLOCK;
    if (length > 0 && strncmp(target, "/memfd:", 7) == 0)
        held->memory_bytes += bytes;
    else
        held->file_bytes += bytes;
}

struct usage_held usage_held_by(const struct proc_tree *tree) {
    struct held_files files = {0};
    struct usage_held held = {0};
    for (size_t i = 0; i < tree->count; i++) {
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/fd", (int)tree->items[i].living);
        DIR *folder = opendir(path);
        for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;)
            if (entry->d_name[0] != '.')
                add_descriptor(&files, &held, dirfd(folder), entry->d_name);
        if (folder != NULL)
            closedir(folder);
    }
    talloc_free(files.items);
    return held;
}
