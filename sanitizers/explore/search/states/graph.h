/* SPDX-License-Identifier: MIT */
/*
 * The graph of states: each by its fingerprint, and which step leads from which to which. Grows only; numbers of
 * states and steps begin at 1, 0 is none.
 *
 * A state takes 24 bytes, its place in the index 6 to 11, a step 12.
 */
#ifndef HAZARD_EXPLORE_SEARCH_STATES_GRAPH_H
#define HAZARD_EXPLORE_SEARCH_STATES_GRAPH_H

#include "explore/search/arena.h"
#include "explore/search/search.h"

enum { GRAPH_CHUNK = 1 << 16, GRAPH_CHUNKS = 1 << 12 }; /* items of a chunk, and chunks */

struct graph_state {
    struct fingerprint print;
    uint32_t steps; /* the latest that leads away; 0: none */
    uint32_t mark;  /* for who walks through the graph */
};

struct graph_step {
    uint32_t to;   /* 0: the execution ended */
    uint32_t next; /* of the same state */
    uint8_t actor, alternative;
    bool free;  /* something happened for nothing: nobody may count on it */
    bool value; /* of several values the program got one, and may get another the next time */
};

struct graph {
    struct arena *arena;
    uint32_t state_count, step_count;
    uint32_t *index; /* of states, by fingerprint; open addressing */
    uint32_t index_size;
    struct graph_state *states[GRAPH_CHUNKS];
    struct graph_step *steps[GRAPH_CHUNKS];
};

struct graph *graph_new(struct arena *arena);

/* The state with that fingerprint; made if there is none: then *fresh is true. */
uint32_t graph_find(struct graph *graph, const struct fingerprint *print, bool *fresh);

/* One more step from that state. */
struct graph_step *graph_add_step(struct graph *graph, uint32_t from);

static inline struct graph_state *graph_state(const struct graph *graph, uint32_t number) {
    return &graph->states[number / GRAPH_CHUNK][number % GRAPH_CHUNK];
}

static inline struct graph_step *graph_step(const struct graph *graph, uint32_t number) {
    return &graph->steps[number / GRAPH_CHUNK][number % GRAPH_CHUNK];
}

#endif
