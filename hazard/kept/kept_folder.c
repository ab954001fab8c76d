/* SPDX-License-Identifier: MIT */
/*
 * Several processes use the folder at once, and none waits for another: a file comes by rename and
 * is never written again, and whoever reads one has it open. So a file that another has removed
 * meanwhile is no error here.
 */
#include "hazard/kept/kept_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/memory.h"

#define MEGABYTE ((size_t)1 << 20)
#define USUAL_MEGABYTES 256
#define MOST_MEGABYTES (1UL << 30)
#define SIZE_VARIABLE "HAZARD_CACHE_SIZE"

/* XDG's rule: a path that is not absolute does not count. */
static const char *find_path(void *owner) {
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache != NULL && *cache == '/')
        return never_null(talloc_asprintf(owner, "%s/hazard/built", cache));
    if (home != NULL && *home == '/')
        return never_null(talloc_asprintf(owner, "%s/.cache/hazard/built", home));
    return NULL;
}

static int find_limit(size_t *limit, struct error *error) {
    const char *text = getenv(SIZE_VARIABLE);
    char *end;
    if (text == NULL || *text == '\0') {
        *limit = USUAL_MEGABYTES * MEGABYTE;
        return 0;
    }
    errno = 0;
    unsigned long megabytes = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || megabytes > MOST_MEGABYTES)
        return fail(error, "%s takes a number of megabytes (0: nothing is kept), not '%s'",
                    SIZE_VARIABLE, text);
    *limit = megabytes * MEGABYTE;
    return 0;
}

int kept_folder_find(void *owner, struct kept_folder *folder, struct error *error) {
    folder->path = find_path(owner);
    return find_limit(&folder->limit, error);
}

/* What lies in it is run, so it must be from us alone. */
bool kept_folder_make(const struct kept_folder *folder) {
    struct error error;
    struct stat info;
    if (folder->path == NULL || folder->limit == 0)
        return false;
    if (stat(folder->path, &info) != 0 &&
        (folder_make(folder->path, &error) != 0 || chmod(folder->path, 0700) != 0 ||
         stat(folder->path, &info) != 0))
        return false;
    return S_ISDIR(info.st_mode) && info.st_uid == geteuid() &&
           (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* ---- What is in it ------------------------------------------------------------------- */

struct kept_file {
    char name[64]; /* ours are shorter */
    struct timespec used;
    size_t size;
};

/* The files, below `owner`. */
static struct kept_file *list_files(void *owner, const struct kept_folder *folder, size_t *count) {
    struct kept_file *files = NULL;
    DIR *open_folder = folder->path != NULL ? opendir(folder->path) : NULL;
    *count = 0;
    if (open_folder == NULL)
        return NULL;
    for (struct dirent *entry; (entry = readdir(open_folder)) != NULL;) {
        struct stat info;
        size_t length = strlen(entry->d_name);
        if (length >= sizeof files->name ||
            fstatat(dirfd(open_folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(info.st_mode))
            continue;
        files = grow_array(owner, files, struct kept_file, *count + 1);
        struct kept_file *file = &files[(*count)++];
        memcpy(file->name, entry->d_name, length + 1);
        file->used = info.st_mtim;
        file->size = (size_t)info.st_size;
    }
    closedir(open_folder);
    return files;
}

struct kept_total kept_folder_total(const struct kept_folder *folder) {
    void *scratch = new_owner();
    struct kept_total total = {0};
    const struct kept_file *files = list_files(scratch, folder, &total.count);
    for (size_t i = 0; i < total.count; i++)
        total.bytes += files[i].size;
    talloc_free(scratch);
    return total;
}

static int by_use(const void *left, const void *right) {
    const struct kept_file *a = left, *b = right;
    if (a->used.tv_sec != b->used.tv_sec)
        return a->used.tv_sec < b->used.tv_sec ? -1 : 1;
    if (a->used.tv_nsec != b->used.tv_nsec)
        return a->used.tv_nsec < b->used.tv_nsec ? -1 : 1;
    return strcmp(a->name, b->name);
}

void kept_folder_trim(const struct kept_folder *folder, size_t limit) {
    void *scratch = new_owner();
    size_t count, bytes = 0;
    struct kept_file *files = list_files(scratch, folder, &count);
    for (size_t i = 0; i < count; i++)
        bytes += files[i].size;
    if (bytes > limit)
        qsort(files, count, sizeof *files, by_use);
    for (size_t i = 0; i < count && bytes > limit; i++) {
        (void)unlink(talloc_asprintf(scratch, "%s/%s", folder->path, files[i].name));
        bytes -= files[i].size;
    }
    talloc_free(scratch);
}
