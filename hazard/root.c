/* SPDX-License-Identifier: MIT */
#include "hazard/root.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* `make install` sets it; in a source tree it is never reached. */
#ifndef HAZARD_DATA
#define HAZARD_DATA "/usr/local/share/hazard"
#endif

/* The resolved path below `owner`, or NULL if there is no catalogue in `folder`. */
static const char *candidate(void *owner, const char *folder) {
    char *inside = talloc_asprintf(owner, "%s/catalog", folder);
    char *resolved = access(inside, R_OK | X_OK) == 0 ? realpath(folder, NULL) : NULL;
    const char *copy = resolved != NULL ? talloc_strdup(owner, resolved) : NULL;
    free(resolved);
    return copy;
}

/* The executable lies in ROOT/build/. */
static const char *beside_executable(void *owner) {
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return NULL;
    path[length] = '\0';
    char *folder = talloc_strdup(owner, path);
    for (int up = 0; up < 3; up++) {
        char *slash = strrchr(folder, '/');
        if (slash == NULL || slash == folder)
            return NULL;
        *slash = '\0';
        const char *root = candidate(owner, folder);
        if (root != NULL)
            return root;
    }
    return NULL;
}

const char *root_find(void *owner, struct error *error) {
    const char *home = getenv("HAZARD_HOME");
    if (home != NULL) {
        const char *root = candidate(owner, home);
        if (root == NULL)
            fail(error, "HAZARD_HOME is %s, but there is no catalog/ in it", home);
        return root;
    }
    const char *root = beside_executable(owner);
    if (root == NULL)
        root = candidate(owner, HAZARD_DATA);
    if (root == NULL)
        fail(error,
             "cannot find the suite: no catalog/ beside this executable nor in %s; set HAZARD_HOME",
             HAZARD_DATA);
    return root;
}

const char *root_build_folder(void *owner, const char *root, struct error *error) {
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char *makefile = talloc_asprintf(owner, "%s/Makefile", root);
    char *folder;
    if (access(makefile, F_OK) == 0)
        folder = talloc_asprintf(owner, "%s/build/suite", root);
    else if (cache != NULL && *cache == '/')
        folder = talloc_asprintf(owner, "%s/hazard", cache);
    else
        folder = talloc_asprintf(owner, "%s/.cache/hazard", home != NULL ? home : "/tmp");
    if (folder_make(folder, error) != 0)
        return NULL;
    if (access(folder, W_OK | X_OK) != 0) {
        fail(
            error,
            "the build folder %s cannot be written: make it writable, or set HAZARD_HOME to a copy",
            folder);
        return NULL;
    }
    return folder;
}

const char *root_scratch(void *owner, struct error *error) {
    const char *parent = getenv("TMPDIR");
    return folder_new(owner, parent != NULL && *parent == '/' ? parent : "/tmp", error);
}
