/* SPDX-License-Identifier: MIT */
/* What a stopped process has mapped: /proc/PID/maps. */
#ifndef HAZARD_INJECT_PROCESS_LAYOUT_H
#define HAZARD_INJECT_PROCESS_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct address_range {
    uint64_t start, end;
    bool zeros; /* what was never touched in it is zeros: of no file */
};

struct layout {
    struct address_range *writable; /* private; ascending */
    size_t count;
    struct address_range heap, stack; /* of them; {0, 0}: there is none */
    char *others;                     /* lines of /proc/PID/maps but those of heap and stack */
};

/* Below `owner`. NULL if it cannot be read, or if it has more than one heap. */
struct layout *layout_read(void *owner, pid_t pid);

/* The same but for where the heap ends and how far the stack has grown? */
bool layout_alike(const struct layout *one, const struct layout *other);

bool layout_writable(const struct layout *layout, uint64_t address);

/* And zeros if it was never touched? */
bool layout_from_zeros(const struct layout *layout, uint64_t address);

#endif
