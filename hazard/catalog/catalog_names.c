/* SPDX-License-Identifier: MIT */
#include "hazard/catalog/catalog_names.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int catalog_names_read(void *owner, const char *folder, const char *suffix,
                       struct catalog_names *names, struct error *error) {
    *names = (struct catalog_names){0};
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return fail(error, "cannot read the folder %s: %s", folder, strerror(errno));
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        size_t length = strlen(entry->d_name), tail = strlen(suffix);
        if (entry->d_name[0] == '.' || length <= tail ||
            strcmp(entry->d_name + length - tail, suffix) != 0)
            continue;
        names->items = grow_array(owner, names->items, const char *, names->count + 1);
        names->items[names->count++] =
            never_null(talloc_strndup(owner, entry->d_name, length - tail));
    }
    closedir(directory);
    if (names->count > 0)
        qsort(names->items, names->count, sizeof *names->items, compare_names);
    return 0;
}

const char *catalog_names_owner(const struct catalog_names *names, const char *stem,
                                size_t length) {
    const char *best = NULL;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        size_t part = strlen(name);
        bool begins = part <= length && strncmp(stem, name, part) == 0;
        if (begins && (part == length || stem[part] == '-') &&
            (best == NULL || part > strlen(best)))
            best = name;
    }
    return best;
}
