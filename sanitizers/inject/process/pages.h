/* SPDX-License-Identifier: MIT */
/*
 * The writable private memory of a stopped process: what is mapped, and which pages of it are
 * there. A page that is not was never touched (or given back): it holds what its file holds, or
 * zeros.
 */
#ifndef HAZARD_INJECT_PAGES_H
#define HAZARD_INJECT_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct range {
    uint64_t start, end;
};

struct layout {
    struct range *writable; /* private; ascending */
    size_t count;
    struct range heap, stack; /* of them; {0, 0}: there is none */
    char *others;             /* lines of /proc/PID/maps but those of heap and stack */
};

/* Below `owner`. NULL if it cannot be read, or if it has more than one heap. */
struct layout *layout_read(void *owner, pid_t pid);

/* The same but for where the heap ends and how far the stack has grown? */
bool layout_alike(const struct layout *one, const struct layout *other);

bool layout_writable(const struct layout *layout, uint64_t address);

size_t page_size(void);

/* A descriptor from which present pages are read; -1 if there is none. */
int pages_open(pid_t pid);

/* The addresses of the writable pages that are there, ascending, below `owner`; their number in
 * *count. NULL if they cannot be read. */
uint64_t *pages_present(void *owner, int fd, const struct layout *layout, size_t *count);

/* One transfer of many pages: addresses[i] to or from bytes[i]. False unless all was done. */
bool pages_get(pid_t pid, const uint64_t *addresses, unsigned char *const *bytes, size_t count);
bool pages_put(pid_t pid, const uint64_t *addresses, unsigned char *const *bytes, size_t count);

#endif
