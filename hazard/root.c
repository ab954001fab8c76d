/* SPDX-License-Identifier: MIT */
#include "hazard/root.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/memory.h"

/* The resolved path below `owner`, or NULL if there is no `name` (the catalogue) in `folder`. */
static const char *candidate(void *owner, const char *folder, const char *name) {
    char *inside = talloc_asprintf(owner, "%s/%s", folder, name);
    char *resolved = access(inside, R_OK | X_OK) == 0 ? realpath(folder, NULL) : NULL;
    const char *copy = resolved != NULL ? talloc_strdup(owner, resolved) : NULL;
    free(resolved);
    return copy;
}

typedef const char *accept_folder(void *owner, const char *folder, const char *name);

/*
 * Asks `accept` for each folder above the executable, which lies in ROOT/build/FLAVOUR, or was
 * installed into PREFIX/bin, with its data in PREFIX/share/hazard and PREFIX/lib/hazard: nothing but
 * the executable says where PREFIX is, so that it can be moved. Its first answer that is not NULL.
 */
static const char *near_executable(void *owner, const char *name, accept_folder *accept) {
    static const char *const installed[] = {"share/hazard", "lib/hazard"};
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return NULL;
    path[length] = '\0';
    char *folder = never_null(talloc_strdup(owner, path));
    const char *answer = NULL;
    for (int up = 0; up < 3 && answer == NULL; up++) {
        char *slash = strrchr(folder, '/');
        if (slash == NULL || slash == folder)
            return NULL;
        bool in_bin = up == 1 && strcmp(slash, "/bin") == 0;
        *slash = '\0';
        answer = accept(owner, folder, name);
        for (size_t i = 0; in_bin && i < 2 && answer == NULL; i++)
            answer = accept(owner, talloc_asprintf(owner, "%s/%s", folder, installed[i]), name);
    }
    return answer;
}

const char *root_find(void *owner, struct error *error) {
    const char *home = getenv("HAZARD_HOME");
    if (home != NULL) {
        const char *root = candidate(owner, home, "catalog");
        if (root == NULL)
            fail(error, "HAZARD_HOME is %s, but there is no catalog/ in it", home);
        return root;
    }
    const char *root = near_executable(owner, "catalog", candidate);
    if (root == NULL)
        fail(error, "cannot find the suite: no catalog/ above this executable nor in its "
                    "../share/hazard; set HAZARD_HOME");
    return root;
}

static const char *file_in(void *owner, const char *folder, const char *name) {
    const char *path = never_null(talloc_asprintf(owner, "%s/%s", folder, name));
    return access(path, R_OK) == 0 ? path : NULL;
}

const char *root_data(void *owner, const char *name, struct error *error) {
    const char *path = near_executable(owner, name, file_in);
    if (path == NULL)
        fail(error,
             "%s is missing, above this executable and in its ../lib/hazard: `make`, or `make "
             "install`",
             name);
    return path;
}

const char *root_include_folder(void *owner, struct error *error) {
    const char *path = root_data(owner, "include/public/hazard.h", error);
    return path == NULL
               ? NULL
               : never_null(talloc_strndup(owner, path, (size_t)(strrchr(path, '/') - path)));
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
