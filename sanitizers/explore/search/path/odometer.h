/* SPDX-License-Identifier: MIT */
/* A path of choices and its successor: the kernel of depth-first search. See odometer.c. */
#ifndef HAZARD_EXPLORE_SEARCH_PATH_ODOMETER_H
#define HAZARD_EXPLORE_SEARCH_PATH_ODOMETER_H

#include "explore/search/strategy.h"

/* One of `count` things was chosen. */
struct decision {
    uint8_t index;  /* which one: the digit of the odometer */
    uint8_t last;   /* count - 1 */
    uint8_t chosen; /* the actor or alternative that the index stood for */
    uint8_t kind;   /* DECISION_ACTOR, or an enum choice */
};
enum { DECISION_ACTOR = CHOICE_COUNT };

struct odometer {
    struct arena *arena;
    struct decision *path;
    int capacity;
    int length;  /* decisions on the path */
    int planned; /* as many of them are prescribed; the rest was appended by this execution */
    int next;    /* the decision that comes next */
    bool strayed;
};

struct odometer odometer_of(struct arena *arena);
void odometer_clear(struct odometer *odometer); /* the empty path again */

/* Begins an execution, forgetting what an abandoned one has appended. */
void odometer_begin(struct odometer *odometer);

/* One of `count` > 0 `things`: the prescribed one, or beyond the path the first.
 * PICK_DIVERGED: the choice is not what it was under the same decisions. */
int odometer_choose(struct odometer *odometer, int kind, const uint8_t *things, int count);
int odometer_choose_number(struct odometer *odometer, int kind, int count); /* of 0 ... count-1 */

/* Ends an execution: on to the next path; false: that was the last. */
bool odometer_advance(struct odometer *odometer);

double odometer_left(const struct odometer *odometer);

#endif
