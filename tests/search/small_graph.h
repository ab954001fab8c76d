/* SPDX-License-Identifier: MIT */
/*
 * Small graphs of states: written by hand or random, and what there is to say about them by brute force,
 * which shares nothing with the search. State 1 is the first; 0 stands for the end.
 */
#ifndef HAZARD_TESTS_SEARCH_SMALL_GRAPH_H
#define HAZARD_TESTS_SEARCH_SMALL_GRAPH_H

#include "explore/search/states/cycles.h"

enum { SMALL_STATES = 9, SMALL_ACTORS = 4, SMALL_ALTERNATIVES = 16 };

/* What one actor can do in one state. */
struct small_move {
    int count; /* alternatives; 0: it cannot move */
    int to[SMALL_ALTERNATIVES];
    bool free[SMALL_ALTERNATIVES];
    enum choice
        kind; /* free are all but the first if its kind is one of those that are for nothing */
};

struct small_graph {
    int states;
    struct small_move moves[SMALL_STATES + 1][SMALL_ACTORS];
};

/* One more alternative of the actor there, and one that happens for nothing. */
void small_step(struct small_graph *graph, int from, int actor, int to);
void small_free_step(struct small_graph *graph, int from, int actor, int to);

/* Numbers below n; xorshift. */
int small_below(uint64_t *random, int n);

/* Any graph whose states can all be reached. `loose`: steps are free as chance will have it; else the first
 * alternative never is, as in a program. */
struct small_graph small_random(uint64_t seed, bool loose);
void small_print(const struct small_graph *graph);

/* Is there a set of states that is a strongly fair cycle? All sets are tried. `whole`: only those that are not
 * part of a larger one that hangs together. */
bool small_is_fair(const struct small_graph *graph, bool whole);

/* Why that is no lasso of it with a fair cycle; NULL: it is one. */
const char *small_lasso_fault(const struct small_graph *graph, const struct lasso *lasso);

/* States in which somebody can move, and steps, as far as the first state leads. */
void small_count(const struct small_graph *graph, int64_t *states, int64_t *steps);

#endif
