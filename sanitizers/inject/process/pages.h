/* SPDX-License-Identifier: MIT */
/*
 * The pages of a stopped process's writable private memory: which of them are there. A page that is
 * not was never touched (or given back): it holds what its file holds, or zeros.
 */
#ifndef HAZARD_INJECT_PROCESS_PAGES_H
#define HAZARD_INJECT_PROCESS_PAGES_H

#include "inject/process/layout.h"

/* Bytes of one. */
size_t pages_size(void);

/* A descriptor from which present pages are read; -1 if there is none. */
int pages_open(pid_t pid);

/* The addresses of the writable pages that are there, ascending, below `owner`; their number in
 * *count. NULL if they cannot be read. */
uint64_t *pages_present(void *owner, int fd, const struct layout *layout, size_t *count);

/* Likewise those that are its own alone: every page that it wrote since it was last copied, and
 * perhaps some that it did not. NULL, too, if there are none. */
uint64_t *pages_unshared(void *owner, int fd, const struct layout *layout, size_t *count);

/* Likewise those of the present pages that it has written ever. */
uint64_t *pages_own(void *owner, int fd, const struct layout *layout, size_t *count);

/* A descriptor from which the size of its address space is read; -1 if there is none. */
int pages_open_space(pid_t pid);

/* Pages of the whole address space; 0 if that is not known. */
uint64_t pages_space(int fd);

/* One transfer of many pages: addresses[i] to or from bytes[i]. False unless all was done. */
bool pages_get(pid_t pid, const uint64_t *addresses, unsigned char *const *bytes, size_t count);
bool pages_put(pid_t pid, const uint64_t *addresses, unsigned char *const *bytes, size_t count);

#endif
