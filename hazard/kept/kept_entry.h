/* SPDX-License-Identifier: MIT */
/*
 * One thing that is kept, in one file: what it was made of, and the program. One file, so that the
 * two cannot be of different makings; with a hash over all of it, so that damage shows.
 */
#ifndef HAZARD_KEPT_KEPT_ENTRY_H
#define HAZARD_KEPT_KEPT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

struct kept_entry {
    const char *inputs; /* NUL-terminated text */
    const char *program;
    size_t program_size;
};

/* Below `owner`. False if there is none. One that is damaged is removed, and there is none. */
bool kept_entry_read(void *owner, const char *path, struct kept_entry *entry);

/* Written beside and renamed. False, and nothing is left behind, if that fails. */
bool kept_entry_write(const char *path, const struct kept_entry *entry);

/* A file of its own with these bytes, which may be run. False: nothing is left behind. */
bool kept_entry_unpack(const struct kept_entry *entry, const char *path);

#endif
