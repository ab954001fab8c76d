/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_BASE_FILE_H
#define HAZARD_BASE_FILE_H

#include "base/fail.h"

/* The whole file, NUL-terminated, below `owner`; NULL and *error. */
char *file_read(void *owner, const char *path, struct error *error);

#endif
