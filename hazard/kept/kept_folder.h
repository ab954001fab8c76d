/* SPDX-License-Identifier: MIT */
/*
 * The folder of what was built and is kept: $XDG_CACHE_HOME/hazard/built, else
 * ~/.cache/hazard/built. It is bounded: who was used longest ago goes first.
 */
#ifndef HAZARD_KEPT_KEPT_FOLDER_H
#define HAZARD_KEPT_KEPT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

struct kept_folder {
    const char *path; /* NULL: nothing is kept, or there is no home to keep it in */
    size_t limit;     /* in bytes; 0: nothing is kept */
};

/* What is in it. */
struct kept_total {
    size_t count, bytes;
};

/*
 * Below `owner`; nothing is made yet. -1 and *error if HAZARD_CACHE_SIZE is no number of megabytes.
 */
int kept_folder_find(void *owner, struct kept_folder *folder, struct error *error);

/* Makes it if need be. False if it cannot be written, or if others than we could write in it. */
bool kept_folder_make(const struct kept_folder *folder);

struct kept_total kept_folder_total(const struct kept_folder *folder);

/* Removes what was used longest ago until at most `limit` bytes are left. */
void kept_folder_trim(const struct kept_folder *folder, size_t limit);

#endif
