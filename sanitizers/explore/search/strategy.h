/* SPDX-License-Identifier: MIT */
/*
 * The search: which schedule to try next.
 *
 * Pure: it sees operations and events, returns decisions, makes no system call, allocates only from
 * the arenas that it is given, and knows nothing of threads or memory. It runs inside the program
 * under test (explore/runtime) and, with synthetic programs, inside the tests.
 *
 * The protocol, for each execution:
 *
 *   begin                    -> BEGIN_RUN
 *   pick                     -> an actor that is enabled            \
 *     alternative            -> 0 ... n-1, at most once in a step    | for each step
 *   step                        what was executed                   /
 *   end
 *
 * `begin` is called again after each `end`, until it answers BEGIN_OVER. An execution that ended with
 * END_ABANDONED never happened: the next `begin` answers with the same one.
 */
#ifndef HAZARD_EXPLORE_SEARCH_STRATEGY_H
#define HAZARD_EXPLORE_SEARCH_STRATEGY_H

#include "explore/search/arena.h"
#include "explore/search/search.h"

struct strategy {
    const char *name;
    bool exhaustive; /* when it is over, everything was tried: "proved" */
    bool parallel;   /* several workers may share one search */
    bool states;     /* `pick` is told what state it is in */

    /* The search itself, in memory that all workers share (at the same address in each). Once. */
    void *(*create)(struct arena *shared, const struct search_config *config);

    /* One worker's part: the execution at hand. In its own memory. A worker may vanish between `end`
     * and `begin`, and another take its place. */
    void *(*attach)(void *search, struct arena *own);

    enum begin (*begin)(void *worker);
    int (*pick)(void *worker, const struct view *view);
    int (*alternative)(void *worker, int n,
                       enum choice kind); /* PICK_DIVERGED if n is not as before */
    void (*step)(void *worker, const struct event *event);
    void (*end)(void *worker, const struct view *view, enum ending ending);

    /* So many steps of the last execution are kept (< 0: none): the next one begins with a `pick` behind as many, or
     * fewer. Else it begins from main, and does them again. NULL: nobody goes back. */
    int (*kept)(void *worker);
    void (*resume)(void *worker, int steps);
    bool (*returns)(void *worker); /* before a `pick`: may one go back to here? NULL: yes */
    int (*around)(void *worker);   /* after BEGIN_SHOW: steps before the last round */
    void (*size)(void *search, int64_t *states, int64_t *steps); /* of the graph, so far */

    /* A guess of the number of executions left (Knuth's estimate over the tree's open branches);
     * NULL or < 0: unknown. */
    double (*left)(void *search);
};

/* For strategies whose state all lies in the shared arena: a worker is the search itself. */
void *strategy_attach_search(void *search, struct arena *own);

/* For strategies that learn nothing from a step. */
void strategy_step_ignore(void *worker, const struct event *event);

#endif
