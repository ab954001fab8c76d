/* SPDX-License-Identifier: MIT */
/*
 * Can the threads go round for ever, and fairly? A cycle of states is fair if whoever can move
 * somewhere on it moves on it.
 */
#ifndef HAZARD_TESTS_SOAK_CYCLES_H
#define HAZARD_TESTS_SOAK_CYCLES_H

#include <stdint.h>

struct soak_edge {
    uint32_t from, to;
    int actor;
};

/* States are numbers; the edges are sorted by `from`. */
struct soak_graph {
    uint32_t state_count, edge_count;
    const struct soak_edge *edges;
    const unsigned *able;  /* of each state: a bit for each actor that can move */
    const unsigned *alive; /* of each state: a bit for each thread that has not ended */
};

/* SOAK_LIVELOCKS, SOAK_MIXED, both or neither. */
unsigned soak_cycles(const struct soak_graph *graph);

#endif
