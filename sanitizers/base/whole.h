/* SPDX-License-Identifier: MIT */
/* All of it, however many calls the kernel makes of that. */
#ifndef HAZARD_BASE_WHOLE_H
#define HAZARD_BASE_WHOLE_H

#include <stdbool.h>
#include <stddef.h>

/* False: the end came first, or an error (errno). */
bool whole_read(int fd, void *bytes, size_t size);
bool whole_write(int fd, const void *bytes, size_t size);

#endif
