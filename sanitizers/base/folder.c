/* SPDX-License-Identifier: MIT */
#include "base/folder.h"

#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"

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
