/* SPDX-License-Identifier: MIT */
/* The wait-for graph: who waits for what, held by whom, since where. wait_graph.c makes it, verdict.c
 * reads it. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_WAIT_GRAPH_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_WAIT_GRAPH_H

#include "explore/message/message.h"
#include "explore/runtime/world/sync.h"

enum { WAIT_EDGES = 8 }; /* kept of one thread: more holders than that explain nothing more */

struct wait_edge {
    struct fiber *to;
    enum message_text how;           /* SAY_HELD_BY; SAY_NOTHING: by ending */
    const struct world_place *since; /* where it got hold of it; NULL: nowhere in particular */
};

struct wait_node {
    struct fiber *fiber;
    const struct sync *sync; /* what it waits for, if that is an object of the world */
    bool spins;              /* waits for a change of memory */
    bool joins;              /* waits for the end of others */
    bool in_cycle;
    int edge_count;
    struct wait_edge edges[WAIT_EDGES];
};

struct wait_graph {
    struct wait_node *nodes; /* of all threads that have not ended, in order of creation */
    int count;
};

void wait_graph_make(struct wait_graph *graph);
struct wait_node *wait_graph_node(const struct wait_graph *graph, const struct fiber *fiber);

/* Marks the threads of one cycle, if there is one. */
bool wait_graph_cycle(struct wait_graph *graph);

/* What the thread waits for: "mutex @", "the end of thread 3". */
struct message_part wait_said(const struct wait_node *node);

#endif
