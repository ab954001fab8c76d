/* SPDX-License-Identifier: MIT */
/*
 * Fair cycles: ways to go on for ever on which nobody who can move again and again is left out for ever (strong
 * fairness), and nothing happens for nothing. Found as the strongly connected components of the graph of states
 * (Tarjan, 1972), taken apart further where somebody can move and does not (Emerson & Lei, 1987).
 */
#ifndef HAZARD_EXPLORE_SEARCH_STATES_CYCLES_H
#define HAZARD_EXPLORE_SEARCH_STATES_CYCLES_H

#include "explore/search/states/graph.h"

/* From the first state into the cycle, and once around: pairs (actor, alternative). */
struct lasso {
    uint8_t *pairs;
    int length;     /* steps; 0: there is no fair cycle */
    int stem;       /* so many of them lead to it */
    uint32_t first; /* the state where it begins: one of the roots */
};

/* Where executions begin. */
struct roots {
    const uint32_t *states; /* 0: none */
    int count;
};

/* The graph is complete, and all of it can be reached from the roots. */
struct lasso cycles_find(struct graph *graph, const struct roots *roots);

#endif
