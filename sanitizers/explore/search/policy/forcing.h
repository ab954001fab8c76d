/* SPDX-License-Identifier: MIT */
/* What earlier executions did to shared objects, and one operation of it to be forced early. See
 * forcing.c. */
#ifndef HAZARD_EXPLORE_SEARCH_POLICY_FORCING_H
#define HAZARD_EXPLORE_SEARCH_POLICY_FORCING_H

#include "explore/search/random_numbers.h"
#include "explore/search/search.h"

enum {
    FORCING_SITES = 4096, /* remembered; powers of two */
    FORCING_PLACES = 1024
};

/* One actor's accesses of one place, of one sort. */
struct forcing_site {
    uint64_t object;
    uint32_t execution; /* of `count` */
    int32_t count;      /* so far in this execution */
    int32_t most;       /* in any execution; 0: the slot is free */
    int16_t sibling;    /* the next site of the place, -1: none */
    uint8_t actor, bytes;
    bool takes; /* writes, locks...; else it reads */
};

/* An object, or the same bytes of a granule. */
struct forcing_place {
    uint64_t object;
    int32_t readers, takers; /* sites; both 0: the slot is free */
    int16_t first;           /* site */
    uint8_t bytes;
    uint8_t actor;  /* of the first site */
    bool contended; /* it is in forcing.contended */
};

struct forcing {
    struct forcing_site sites[FORCING_SITES];
    struct forcing_place places[FORCING_PLACES];
    int16_t contended[FORCING_PLACES];
    int site_count, place_count, contended_count;
    uint32_t execution;         /* from 1 */
    uint16_t births[OP_ACTORS]; /* which came into being as the how-manieth, last time; 0: never */
    uint16_t born;

    /* The operation to be forced: the index-th access of that site. */
    const struct forcing_site *target; /* NULL: none, or it is done */
    const struct forcing_site *drawn;  /* what it was at first */
    int index;
    int64_t draw_number; /* of the last draw */
};

/* Begins an execution without a target. */
void forcing_begin(struct forcing *forcing);

/* Draws one at random; none if nothing is known yet. The same number (> 0) again: the same one. */
void forcing_draw(struct forcing *forcing, int64_t draw_number, struct numbers *numbers);

/* An actor came into being. */
void forcing_birth(struct forcing *forcing, int actor);

/* Must that actor's pending operation wait for the target? */
bool forcing_holds(const struct forcing *forcing, int actor, const struct op *pending);

/* An operation was executed: it is remembered, and if it was the target, that is gone. */
void forcing_step(struct forcing *forcing, const struct event *event);

#endif
