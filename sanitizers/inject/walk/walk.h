/* SPDX-License-Identifier: MIT */
/*
 * The walk: the program, one instruction at a time, and at each point of it the question to a copy.
 */
#ifndef HAZARD_INJECT_WALK_H
#define HAZARD_INJECT_WALK_H

#include "inject/family/family.h"
#include "inject/inject.h"
#include "inject/walk/board.h"
#include "inject/walk/judge.h"

#define WALK_KEPT 900 /* a descriptor that no program uses by chance */

struct walk {
    void *owner;
    const struct inject_options *options;
    struct board *board;
    struct board_worker *report;
    size_t worker, jobs;
    int64_t only; /* the one point to try; -1: all */
    /* In place of all that is done with a copy at `only`, which it takes over; may be NULL. */
    void (*instead)(struct walk *walk, struct family *copy, void *data);
    void *instead_data;
    bool keeps_output; /* copies inherit our stdout and stderr at WALK_KEPT and the next */
    bool real_ids;     /* see family.h */

    struct family *family; /* the process that is walked */
    struct capture capture;
    uint64_t from, until;          /* addresses of functions; until 0: from's return */
    uint64_t from_sp;              /* the stack pointer at from's first instruction */
    uint64_t return_pc, return_sp; /* where the walk ends, once it is known; 0: not yet */
    int64_t until_left;            /* calls of `until` that are still to come */

    struct copies *copies; /* of it */

    bool blocked, handled, ignored, pending; /* the signal, here */
    bool ever_handled, ever_ignored, ever_child;
    bool stretch; /* inside a stretch of blocked points, of which `first` was tried */
    size_t first;
    size_t count; /* points so far */
    uint64_t checksum;

    int child;             /* with child_exit: the one that is to end in the next copy */
    struct places *places; /* twice.c */
    int run_aways;         /* copies that ran away twice */

    struct cpu seen;     /* registers some steps ago: do they come back? */
    uint64_t seen_state; /* and the rest (state_hash.h), if that is known */
    bool seen_known;
    uint64_t since_seen, seen_span;
    int recurrences;

    struct reference reference;
    double started;
    struct error *error;
};

/* Starts the program, and finds out how it ends without the signal. -1 and *walk->error;
 * report->unsupported is set when it cannot be walked. */
int walk_start(struct walk *walk, const struct subject *subject);

/* Walks to the end. */
void walk_go(struct walk *walk);

/* Ends all processes. */
void walk_end(struct walk *walk);

/* The signal, or both of them (options->second), to a copy. */
void walk_signal(const struct walk *walk, struct family *copy);

/* The signal, as the options want it, to a copy. Its end is in copy->end if it could not come. */
void walk_inject(const struct walk *walk, struct family *copy);

/* ---- twice.c --------------------------------------------------------------------------- */

/* Both signals: the second before that instruction of the first one's handler, counted from 0. False
 * if the copy does not come there, or if there is none to come. */
bool twice_inject(const struct walk *walk, struct family *copy, int64_t instruction);

/* Must be asked at each point of every worker's walk at which the signal is not blocked; false if only one signal is wanted. */
bool twice_is_new_place(struct walk *walk, uint64_t pc);

/* Tries a second signal, where the walked process stands. */
void twice_try(struct walk *walk, size_t point);

#endif
