/* SPDX-License-Identifier: MIT */
/*
 * How big a server is, seen from outside, and what of that grows with the number of its
 * connections.
 */
#ifndef HAZARD_FIGURES_H
#define HAZARD_FIGURES_H

#include "probe/probe.h"
#include "run/proc.h"

enum leak { LEAK_ZOMBIES, LEAK_DESCRIPTORS, LEAK_THREADS, LEAK_MEMORY, LEAK_COUNT };

/* Of the whole tree. */
struct probe_figures figures_read(const struct proc_tree *tree, int connections);

/*
 * Does it grow with the connections? Only if it grew from each sample to the next, and by enough in
 * all: caches and pools fill up at first and then stay as they are.
 */
bool leak_shows(enum leak leak, const struct probe_figures *samples, size_t count);

/* Bytes of address space that each connection between two samples left behind. */
size_t virtual_growth(const struct probe_figures *first, const struct probe_figures *last);

#endif
