/* SPDX-License-Identifier: MIT */
/*
 * Strongly connected components (Tarjan 1972); from one in which somebody could move and does not,
 * the states in which he could are taken away, and what is left is looked at again (Emerson and Lei
 * 1987, for strong fairness).
 */
#include "tests/soak/cycles.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/soak/interpret.h"

struct search {
    const struct soak_graph *graph;
    uint32_t *first;     /* edge of each state; one more at the end */
    uint32_t *component; /* of each state, from 1; 0: not in question any more */
    uint32_t *number, *low, *stack, *trail, *next;
    uint32_t count, depth, trail_length, components;
    unsigned found;
};

static uint32_t *numbers(const struct soak_graph *graph) {
    uint32_t *array = calloc(graph->state_count + 1, sizeof *array);
    if (array == NULL)
        abort();
    return array;
}

/* --- components --- */

static void visit(struct search *search, uint32_t state) {
    search->number[state] = search->low[state] = ++search->count;
    search->stack[search->depth++] = state;
    search->next[state] = search->first[state];
    search->trail[search->trail_length++] = state;
}

static void close_component(struct search *search, uint32_t state) {
    uint32_t top;
    search->components++;
    do {
        top = search->stack[--search->depth];
        search->component[top] = search->components;
        search->low[top] = UINT32_MAX;
    } while (top != state);
}

static void finish(struct search *search, uint32_t state) {
    search->trail_length--;
    if (search->low[state] == search->number[state])
        close_component(search, state);
    if (search->trail_length == 0)
        return;
    uint32_t parent = search->trail[search->trail_length - 1];
    if (search->low[parent] > search->low[state])
        search->low[parent] = search->low[state];
}

/* From `state`, within the states that belong to `within`. */
static void connect(struct search *search, uint32_t state, uint32_t within) {
    visit(search, state);
    while (search->trail_length > 0) {
        uint32_t at = search->trail[search->trail_length - 1];
        if (search->next[at] == search->first[at + 1]) {
            finish(search, at);
            continue;
        }
        uint32_t to = search->graph->edges[search->next[at]++].to;
        if (search->component[to] != within)
            continue;
        if (search->number[to] == 0)
            visit(search, to);
        else if (search->low[to] != UINT32_MAX && search->low[at] > search->number[to])
            search->low[at] = search->number[to];
    }
}

/* --- fairness --- */

struct round {
    unsigned moved, able, waits; /* who moved, who could, who has not ended */
    bool cycle;
};

static void judge(struct search *search, uint32_t *states, uint32_t count);

/* Splits the states, which all belong to `within`, into components and judges each. */
static void split(struct search *search, const uint32_t *states, uint32_t count, uint32_t within) {
    uint32_t first = search->components + 1;
    for (uint32_t i = 0; i < count; i++)
        search->number[states[i]] = search->low[states[i]] = 0;
    for (uint32_t i = 0; i < count; i++)
        if (search->number[states[i]] == 0)
            connect(search, states[i], within);
    uint32_t last = search->components;
    uint32_t *sizes = calloc(last - first + 3, sizeof *sizes),
             *sorted = malloc(count * sizeof *sorted);
    if (sizes == NULL || sorted == NULL)
        abort();
    for (uint32_t i = 0; i < count; i++)
        sizes[search->component[states[i]] - first + 2]++;
    for (uint32_t c = 1; c <= last - first + 2; c++)
        sizes[c] += sizes[c - 1];
    for (uint32_t i = 0; i < count; i++)
        sorted[sizes[search->component[states[i]] - first + 1]++] = states[i];
    for (uint32_t c = 0; c <= last - first; c++)
        judge(search, sorted + sizes[c], sizes[c + 1] - sizes[c]);
    free(sizes);
    free(sorted);
}

static struct round look(const struct search *search, const uint32_t *states, uint32_t count) {
    struct round round = {0};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t state = states[i];
        round.able |= search->graph->able[state];
        round.waits |= search->graph->alive[state];
        for (uint32_t e = search->first[state]; e < search->first[state + 1]; e++) {
            const struct soak_edge *edge = &search->graph->edges[e];
            if (search->component[edge->to] != search->component[state])
                continue;
            round.moved |= 1U << edge->actor;
            round.cycle = true;
        }
    }
    return round;
}

/* One component: is there a fair cycle in it? */
static void judge(struct search *search, uint32_t *states, uint32_t count) {
    struct round round = look(search, states, count);
    unsigned idle = round.able & ~round.moved;
    if (!round.cycle)
        return;
    if (idle == 0) {
        search->found |= (round.waits & ~round.moved) != 0 ? SOAK_MIXED : SOAK_LIVELOCKS;
        return;
    }
    uint32_t kept = 0, within = search->component[states[0]];
    for (uint32_t i = 0; i < count; i++) {
        if ((search->graph->able[states[i]] & idle) != 0)
            search->component[states[i]] = UINT32_MAX;
        else
            states[kept++] = states[i];
    }
    if (kept > 0)
        split(search, states, kept, within);
}

unsigned soak_cycles(const struct soak_graph *graph) {
    struct search search = {.graph = graph};
    uint32_t **arrays[] = {&search.first, &search.component, &search.number, &search.low,
                           &search.stack, &search.trail,     &search.next};
    uint32_t *all = numbers(graph);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        *arrays[i] = numbers(graph);
    for (uint32_t e = 0; e < graph->edge_count; e++)
        search.first[graph->edges[e].from + 1] = e + 1;
    for (uint32_t s = 0; s < graph->state_count; s++) {
        all[s] = s;
        if (search.first[s + 1] < search.first[s])
            search.first[s + 1] = search.first[s];
    }
    split(&search, all, graph->state_count, 0);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(*arrays[i]);
    free(all);
    return search.found;
}
