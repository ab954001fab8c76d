/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_BASE_FILE_REPLACE_H
#define HAZARD_BASE_FILE_REPLACE_H

#include <stddef.h>

#include "base/fail.h"

/*
 * Makes `path` a file with these bytes: written beside it, synced, then renamed. What is no regular
 * file (/dev/stdout, a pipe) is written to directly. -1 and *error, and nothing is left behind.
 */
int file_replace(const char *path, const char *bytes, size_t size, struct error *error);

#endif
