/* SPDX-License-Identifier: MIT */
#include "tests/search/small_graph.h"

#include <stdio.h>
#include <string.h>

/* --- made ------------------------------------------------------------------------------------- */

static void add(struct small_graph *graph, int from, int actor, int to, bool is_free) {
    struct small_move *move = &graph->moves[from][actor];
    if (move->count == SMALL_ALTERNATIVES)
        return;
    move->to[move->count] = to;
    move->free[move->count++] = is_free;
    graph->states = from > graph->states ? from : graph->states;
    graph->states = to > graph->states ? to : graph->states;
}

void small_step(struct small_graph *graph, int from, int actor, int to) {
    add(graph, from, actor, to, false);
}

void small_free_step(struct small_graph *graph, int from, int actor, int to) {
    add(graph, from, actor, to, true);
    graph->moves[from][actor].kind = CHOICE_SPURIOUS;
}

int small_below(uint64_t *random, int n) {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return (int)((*random >> 20) % (uint64_t)n);
}

static bool for_nothing(enum choice kind) {
    return kind == CHOICE_SPURIOUS || kind == CHOICE_TIMEOUT || kind == CHOICE_WEAK;
}

static void add_random(struct small_graph *graph, uint64_t *random, int from, int to, int actors,
                       bool loose) {
    int actor = small_below(random, 1 + small_below(random, actors)); /* some move seldom */
    const struct small_move *move = &graph->moves[from][actor];
    bool is_free = loose ? small_below(random, 8) == 0 : move->count > 0 && for_nothing(move->kind);
    add(graph, from, actor, to, is_free);
}

struct small_graph small_random(uint64_t seed, bool loose) {
    uint64_t random = seed * 0x9e3779b97f4a7c15U + 1;
    for (int i = 0; i < 8; i++)
        small_below(&random, 2);
    int states = 3 + small_below(&random, SMALL_STATES - 2);
    int actors = 1 + small_below(&random, SMALL_ACTORS), ends = 1 + small_below(&random, 20);
    struct small_graph graph = {.states = states};
    for (int state = 1; state <= states; state++)
        for (int actor = 0; actor < actors; actor++)
            graph.moves[state][actor].kind = (enum choice)small_below(&random, CHOICE_COUNT);
    for (int state = 2; state <= states; state++)
        add_random(&graph, &random, 1 + small_below(&random, state - 1), state, actors, loose);
    for (int i = small_below(&random, 3 * states); i > 0; i--) {
        int from = 1 + small_below(&random, states), to = 1 + small_below(&random, states);
        add_random(&graph, &random, from, small_below(&random, ends) == 0 ? 0 : to, actors, loose);
    }
    return graph;
}

void small_print(const struct small_graph *graph) {
    for (int from = 1; from <= graph->states; from++)
        for (int actor = 0; actor < SMALL_ACTORS; actor++)
            for (int i = 0; i < graph->moves[from][actor].count; i++)
                fprintf(stderr, "  %d -> %d: actor %d, alternative %d%s\n", from,
                        graph->moves[from][actor].to[i], actor, i,
                        graph->moves[from][actor].free[i] ? ", free" : "");
}

/* --- judged ----------------------------------------------------------------------------------- */

/* What the steps of a set of states come to, in bits: by state, where it leads within the set; who can move,
 * and who does without leaving it. */
struct inside {
    unsigned ways[SMALL_STATES + 1], can, moves;
};

/* Of several values one may be another the next time: who can leave the set by one does, some time. */
static bool leaves_by_value(const struct small_move *move, unsigned set) {
    for (int i = 0; i < move->count && move->kind == CHOICE_VALUE; i++)
        if (move->to[i] == 0 || move->free[i] || (set >> move->to[i] & 1) == 0)
            return true;
    return false;
}

static struct inside look_inside(const struct small_graph *graph, unsigned set) {
    struct inside inside = {0};
    for (int from = 1; from <= graph->states; from++)
        for (int actor = 0; actor < SMALL_ACTORS && (set >> from & 1) != 0; actor++) {
            const struct small_move *move = &graph->moves[from][actor];
            inside.can |= (move->count > 0 ? 1U : 0) << actor;
            for (int i = 0; i < move->count && !leaves_by_value(move, set); i++) {
                if (move->to[i] == 0 || move->free[i] || (set >> move->to[i] & 1) == 0)
                    continue;
                inside.ways[from] |= 1U << move->to[i];
                inside.moves |= 1U << actor;
            }
        }
    return inside;
}

/* Does each of the set lead to all of it? */
static bool hangs_together(const struct small_graph *graph, const struct inside *inside,
                           unsigned set) {
    for (int start = 1; start <= graph->states; start++) {
        if ((set >> start & 1) == 0)
            continue;
        unsigned reached = 1U << start, before;
        do {
            before = reached;
            for (int state = 1; state <= graph->states; state++)
                if ((before >> state & 1) != 0)
                    reached |= inside->ways[state];
        } while (reached != before);
        if (reached != set)
            return false;
    }
    return true;
}

static bool is_part(const struct small_graph *graph, unsigned set) {
    for (unsigned larger = set + 2; larger < 2U << graph->states; larger += 2) {
        if ((larger & set) != set)
            continue;
        struct inside inside = look_inside(graph, larger);
        if (hangs_together(graph, &inside, larger))
            return true;
    }
    return false;
}

bool small_is_fair(const struct small_graph *graph, bool whole) {
    for (unsigned set = 2; set < 2U << graph->states; set += 2) {
        struct inside inside = look_inside(graph, set);
        if (inside.moves != 0 && inside.moves == inside.can &&
            hangs_together(graph, &inside, set) && !(whole && is_part(graph, set)))
            return true;
    }
    return false;
}

const char *small_lasso_fault(const struct small_graph *graph, const struct lasso *lasso) {
    int state = 1, start = 0;
    unsigned can = 0, moves = 0;
    for (int i = 0; i < lasso->length; i++) {
        int actor = lasso->pairs[2 * i], alternative = lasso->pairs[2 * i + 1];
        if (actor >= SMALL_ACTORS || alternative >= graph->moves[state][actor].count)
            return "there is no such step";
        for (int other = 0; other < SMALL_ACTORS && i >= lasso->stem; other++)
            can |= (graph->moves[state][other].count > 0 ? 1U : 0) << other;
        if (i == lasso->stem)
            start = state;
        if (i >= lasso->stem && graph->moves[state][actor].free[alternative])
            return "the cycle goes on for nothing";
        moves |= (i >= lasso->stem ? 1U : 0) << actor;
        state = graph->moves[state][actor].to[alternative];
        if (state == 0)
            return "it ends";
    }
    return start == 0       ? "it has no cycle"
           : state != start ? "the cycle does not close"
           : can != moves   ? "somebody is left out"
                            : NULL;
}

void small_count(const struct small_graph *graph, int64_t *states, int64_t *steps) {
    int queue[SMALL_STATES + 1], head = 0, tail = 0;
    bool known[SMALL_STATES + 1] = {[0] = true, [1] = true};
    *states = *steps = 0;
    queue[tail++] = 1;
    while (head < tail) {
        int state = queue[head++];
        int64_t before = *steps;
        for (int actor = 0; actor < SMALL_ACTORS; actor++)
            for (int i = 0; i < graph->moves[state][actor].count; i++) {
                int to = graph->moves[state][actor].to[i];
                ++*steps;
                if (!known[to])
                    queue[tail++] = to;
                known[to] = true;
            }
        *states += *steps > before;
    }
}
