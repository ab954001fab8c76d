/* SPDX-License-Identifier: MIT */
/*
 * How big a server is, seen from outside, and what of that grows with the
 * number of its connections.
 */
#ifndef HAZARD_PROBE_FIGURES_H
#define HAZARD_PROBE_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "run/proc.h"

/* The whole process tree of the server, at rest, when `connections` have come and gone. */
struct probe_figures {
    int connections;
    size_t processes, threads, zombies, descriptors;
    size_t resident_bytes, virtual_bytes;
};

/*
 * How often they are read: at 20 connections, at 200, and evenly between. What grows from each to
 * the next is a leak.
 */
#define PROBE_SAMPLES 5

enum leak { LEAK_ZOMBIES, LEAK_DESCRIPTORS, LEAK_THREADS, LEAK_MEMORY, LEAK_COUNT };

/* Of the whole tree. */
struct probe_figures figures_read(const struct proc_tree *tree, int connections);

/*
 * Does it grow with the connections? Only if it grew from each sample to the next, and by enough in
 * all: caches and pools fill up at first and then stay as they are.
 */
bool figures_leak(enum leak leak, const struct probe_figures *samples, size_t count);

/* Are the threads that grow in number those of processes that do? */
bool figures_leak_processes(const struct probe_figures *first, const struct probe_figures *last);

/*
 * What grew although nothing leaks, and why it does not count: one line below `owner`, which says so
 * too if nothing did.
 */
const char *figures_growth(void *owner, const struct probe_figures *samples, size_t count);

/* Bytes of address space that each connection between two samples left behind. */
size_t figures_virtual_growth(const struct probe_figures *first, const struct probe_figures *last);

#endif
