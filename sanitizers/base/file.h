/* SPDX-License-Identifier: MIT */
/* Whole files, and folders that come and go. */
#ifndef HAZARD_FILE_H
#define HAZARD_FILE_H

#include <stddef.h>

#include "base/error.h"

/* The whole file, NUL-terminated, below `owner`; NULL and *error. */
char *file_read(void *owner, const char *path, struct error *error);

/*
 * Makes `path` a file with these bytes: written beside it, synced, then renamed. What is no regular
 * file (/dev/stdout, a pipe) is written to directly. -1 and *error, and nothing is left behind.
 */
int file_replace(const char *path, const char *bytes, size_t size, struct error *error);

/* A new empty folder below `parent`; NULL and *error. */
char *folder_new(void *owner, const char *parent, struct error *error);

/* The folder and what is in it. Errors are ignored: this is the clean-up. */
void folder_remove(const char *path);

/* The folder and its parents, as `mkdir -p`. */
int folder_make(const char *path, struct error *error);

#endif
