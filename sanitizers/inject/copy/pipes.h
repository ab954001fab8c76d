/* SPDX-License-Identifier: MIT */
/* Copies of the pipes of a family: of its first process and of its held children. */
#ifndef HAZARD_INJECT_COPY_PIPES_H
#define HAZARD_INJECT_COPY_PIPES_H

#include "inject/copy/descriptors.h"
#include "inject/process/cpu.h"

/* The first process of a family, P, and its held children. */
struct descriptor_user {
    pid_t pid;
    const struct descriptors *descriptors;
};

/* The pipes of a family, none of which anybody else has open. */
struct pipes;

/* Below `owner`; users[0] is P. NULL if a copy of them all cannot be made. */
struct pipes *pipes_find(void *owner, const struct descriptor_user *users, size_t count);

/* The same pipes, with the same bytes in them, for a copy of P at `cpu`, in place of those that it
 * shares with P. False if that failed. */
bool pipes_make(struct pipes *pipes, pid_t copy, const struct cpu *cpu, uint64_t call_pc);

/* For a child that this copy has made: what users[index] has. */
bool pipes_fit(const struct pipes *pipes, size_t index, pid_t child, uint64_t call_pc);

/* The children are made. */
bool pipes_done(const struct pipes *pipes, pid_t copy, uint64_t call_pc);

#endif
