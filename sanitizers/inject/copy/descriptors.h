/* SPDX-License-Identifier: MIT */
/*
 * The descriptors of a stopped process: those that a copy of it may share, pipes, which a copy
 * must have for itself (pipes.h), and standard input (process/input.h). With any other it cannot be copied.
 */
#ifndef HAZARD_INJECT_COPY_DESCRIPTORS_H
#define HAZARD_INJECT_COPY_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "inject/process/launch.h"

struct descriptor {
    int number;
    bool input; /* standard input that is a file */
    bool pipe;  /* else one that may be shared: /dev/null, one of our output pipes */
    uint64_t device, inode;
    int flags; /* of open(2) */
};

struct descriptors {
    struct descriptor *items; /* ascending */
    size_t count;
    bool any_pipe;
    bool
        input; /* standard input is a file: processes that read on from each other cannot be copied */
};

/* Below `owner`. NULL if one of them is neither a pipe nor may be shared, or if they cannot be
 * read. */
struct descriptors *descriptors_read(void *owner, pid_t pid, const struct capture *capture);

/* NULL if it has none of that number. */
const struct descriptor *descriptors_find(const struct descriptors *all, int number);

#endif
