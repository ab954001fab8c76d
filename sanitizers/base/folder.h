/* SPDX-License-Identifier: MIT */
/* Folders that come and go. */
#ifndef HAZARD_BASE_FOLDER_H
#define HAZARD_BASE_FOLDER_H

#include "base/fail.h"

/* A new empty folder below `parent`; NULL and *error. */
char *folder_new(void *owner, const char *parent, struct error *error);

/* The folder and what is in it. Errors are ignored: this is the clean-up. */
void folder_remove(const char *path);

/* The folder and its parents, as `mkdir -p`. */
int folder_make(const char *path, struct error *error);

#endif
