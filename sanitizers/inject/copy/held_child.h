/* SPDX-License-Identifier: MIT */
/*
 * What a held child H has of its own, beside its parent P: registers, signal mask, the heap's end,
 * and the pages in which the two differ by now. It is read once, because H does not run.
 */
#ifndef HAZARD_INJECT_COPY_HELD_CHILD_H
#define HAZARD_INJECT_COPY_HELD_CHILD_H

#include "inject/copy/descriptors.h"
#include "inject/process/cpu.h"
#include "inject/process/layout.h"

struct held_page;

struct held_child {
    int id;
    uint64_t heap_end; /* as brk(2) says; 0: unknown, and no copy can be made */
    bool read;         /* the rest is filled in... */
    bool usable;       /* ...and a copy can be made */
    uint64_t mask;
    struct cpu_vectors vectors;
    struct layout *layout;
    struct descriptors *descriptors;
    struct held_page *pages; /* ascending: those that were there in H, or in P since */
    size_t page_count;
    unsigned char *room; /* for pages of P */
    size_t room_pages;
};

/* Below `owner`; nothing else is known yet. */
struct held_child *held_child_new(void *owner, int id, uint64_t heap_end);

/* Looks at H, which is `pid`. Its answer is `usable`. */
bool held_child_read(struct held_child *held, pid_t pid, const struct capture *capture);

/* P as it is now: */
struct held_child_parent {
    pid_t pid;
    const uint64_t *present; /* its pages that are there */
    size_t present_count;
    const struct layout *layout;
};

/* Finds where it differs from H, which is `pid`. False if that cannot be read. */
bool held_child_compare(struct held_child *held, pid_t pid, const struct held_child_parent *parent);

/* To `child`, which a copy of P has made, whose heap ends at `heap_end`: all that H has of its own
 * but descriptors and general registers. */
bool held_child_give(const struct held_child *held, pid_t child, uint64_t heap_end,
                     uint64_t call_pc);

#endif
