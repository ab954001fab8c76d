/* SPDX-License-Identifier: MIT */
#include "explore/search/states/graph.h"

enum { INDEX_AT_FIRST = 1 << 12 };

struct graph *graph_new(struct arena *arena) {
    struct graph *graph = arena_new(arena, sizeof *graph);
    graph->arena = arena;
    graph->index_size = INDEX_AT_FIRST;
    graph->index = arena_new(arena, INDEX_AT_FIRST * sizeof *graph->index);
    return graph;
}

/* A chunk for that number, if it is the first of one. */
static void *chunk_for(struct graph *graph, uint32_t number, void *there, size_t size) {
    if (number / GRAPH_CHUNK >= GRAPH_CHUNKS)
        graph->arena->exhausted();
    return there != NULL ? there : arena_new(graph->arena, GRAPH_CHUNK * size);
}

static uint32_t *slot_of(const struct graph *graph, const struct fingerprint *print) {
    uint32_t at = (uint32_t)print->low & (graph->index_size - 1);
    for (;; at = (at + 1) & (graph->index_size - 1)) {
        uint32_t number = graph->index[at];
        if (number == 0)
            return &graph->index[at];
        const struct graph_state *state = graph_state(graph, number);
        if (state->print.low == print->low && state->print.high == print->high)
            return &graph->index[at];
    }
}

static void index_grow(struct graph *graph) {
    uint32_t *old = graph->index, size = graph->index_size;
    graph->index_size = 2 * size;
    graph->index = arena_new(graph->arena, 2 * (size_t)size * sizeof *graph->index);
    for (uint32_t i = 0; i < size; i++)
        if (old[i] != 0)
            *slot_of(graph, &graph_state(graph, old[i])->print) = old[i];
    arena_free(graph->arena, old, (size_t)size * sizeof *old);
}

uint32_t graph_find(struct graph *graph, const struct fingerprint *print, bool *fresh) {
    uint32_t *slot = slot_of(graph, print);
    *fresh = *slot == 0;
    if (!*fresh)
        return *slot;
    if (graph->state_count >= graph->index_size / 3 * 2) {
        index_grow(graph);
        slot = slot_of(graph, print);
    }
    uint32_t number = ++graph->state_count;
    void **chunk = (void **)&graph->states[number / GRAPH_CHUNK];
    *chunk = chunk_for(graph, number, *chunk, sizeof(struct graph_state));
    graph_state(graph, number)->print = *print;
    return *slot = number;
}

struct graph_step *graph_add_step(struct graph *graph, uint32_t from) {
    uint32_t number = ++graph->step_count;
    void **chunk = (void **)&graph->steps[number / GRAPH_CHUNK];
    *chunk = chunk_for(graph, number, *chunk, sizeof(struct graph_step));
    struct graph_step *step = graph_step(graph, number);
    step->next = graph_state(graph, from)->steps;
    graph_state(graph, from)->steps = number;
    return step;
}
