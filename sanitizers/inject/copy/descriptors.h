/* SPDX-License-Identifier: MIT */
/*
 * The descriptors of stopped processes, and copies of those that a copy of the process must have
 * for itself: pipes. Others it can only share, or it cannot be copied.
 */
#ifndef HAZARD_INJECT_DESCRIPTORS_H
#define HAZARD_INJECT_DESCRIPTORS_H

#include "inject/process/tracee.h"

struct descriptor {
    int number;
    bool pipe; /* else one that may be shared: /dev/null, one of our output pipes */
    uint64_t device, inode;
    int flags; /* of open(2) */
};

struct descriptors {
    struct descriptor *items; /* ascending */
    size_t count;
    bool any_pipe;
};

/* Below `owner`. NULL if one of them is neither a pipe nor may be shared, or if they cannot be
 * read. */
struct descriptors *descriptors_read(void *owner, pid_t pid, const struct capture *capture);

/* The first process of a family, P, and its held children. */
struct descriptor_user {
    pid_t pid;
    const struct descriptors *descriptors;
};

/* The pipes of a family, none of which anybody else has open. */
struct pipes;

/* Below `owner`; users[0] is P. NULL if a copy of them all cannot be made. */
struct pipes *pipes_of(void *owner, const struct descriptor_user *users, size_t count);

/* The same pipes, with the same bytes in them, for a copy of P at `cpu`, in place of those that it
 * shares with P. False if that failed. */
bool pipes_make(struct pipes *pipes, pid_t copy, const struct cpu *cpu, uint64_t call_pc);

/* For a child that this copy has made: what users[index] has. */
bool pipes_fit(const struct pipes *pipes, size_t index, pid_t child, uint64_t call_pc);

/* The children are made. */
bool pipes_done(const struct pipes *pipes, pid_t copy, uint64_t call_pc);

#endif
