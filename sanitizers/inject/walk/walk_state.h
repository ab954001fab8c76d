/* SPDX-License-Identifier: MIT */
/*
 * The state of one walk. What lies above it in this room works on it: start.c fills it, walk.c
 * steps, points.c, attempt.c and twice.c ask at each point.
 */
#ifndef HAZARD_INJECT_WALK_WALK_STATE_H
#define HAZARD_INJECT_WALK_WALK_STATE_H

#include "inject/copy/copies.h"
#include "inject/family/family.h"
#include "inject/inject_options.h"
#include "inject/process/launch.h"
#include "inject/walk/board.h"
#include "inject/walk/bounds.h"
#include "inject/walk/judge.h"
#include "inject/walk/rounds.h"
#include "inject/walk/signal_state.h"

#define WALK_KEPT 900 /* a descriptor that no program uses by chance */

struct walk;

/* The points to try, ascending; `count` 0: all of them. */
struct walk_choice {
    const int64_t *points;
    size_t count;
    size_t next; /* the first that the walk has not left behind */
};

/* Takes over the copy at a point that is asked for: the last one so far. */
typedef void (*walk_visit)(struct walk *walk, struct family *copy, void *data);

/* The points so far. */
struct walk_points {
    size_t count;
    uint64_t checksum; /* of their pcs and flags */
    bool stretch;      /* the last one was blocked: inside a stretch, of which `first` was tried */
    size_t first;
    int child;        /* with child_exit: the one that is to end in the next copy, or... */
    bool all_end;     /* ...all that are held */
    int run_aways;    /* copies that ran away twice */
    uint64_t changes; /* inside a call: what others have done since it sleeps (family->changes) */
};

struct walk {
    /* Set before walk_run. */
    void *owner;
    const struct inject_options *options;
    struct board *board;
    struct board_worker *report; /* of the board: where this walk writes */
    size_t worker, jobs;
    struct walk_choice chosen;
    walk_visit visit; /* in place of all that is done with a copy at a chosen point; may be NULL */
    void *visit_data;
    bool keeps_output; /* copies inherit our stdout and stderr at WALK_KEPT and the next */
    bool real_ids;     /* see family.h */
    struct error *error;

    double started;
    struct family *family; /* the process that is walked */
    struct capture capture;
    struct judge_reference reference;
    struct bounds bounds;
    struct signal_state signal;
    struct copies *copies; /* of it */
    struct walk_points points;
    struct twice_places *places; /* twice.c */
    struct rounds rounds;
};

#endif
