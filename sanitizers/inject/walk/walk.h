/* SPDX-License-Identifier: MIT */
/*
 * The walk: the program, one instruction at a time, and at each point of it the question to a copy.
 */
#ifndef HAZARD_INJECT_WALK_H
#define HAZARD_INJECT_WALK_H

#include "inject/family/family.h"
#include "inject/inject_options.h"
#include "inject/walk/board.h"
#include "inject/walk/judge.h"
#include "subject.h"

#define WALK_KEPT 900 /* a descriptor that no program uses by chance */

/* How the walked process can be copied where it stands. */
enum copyable {
    COPY_BY_RERUN,       /* not at all: from the template */
    COPY_WITH_RELATIVES, /* with pipes and children that are held (relatives.h); if that fails, by
                            rerun */
    COPY_ALONE           /* it has none, and nothing else that a copy could not have for itself */
};

struct hits; /* how often each pc was met since the template was made */

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

    /* What a copy could be made from when the walked process itself cannot be copied. */
    struct family *template;
    bool from_start; /* the template has not come to `from` yet */
    enum copyable copyable;
    struct relatives *relatives;
    struct hits *hits;
    uint64_t steps; /* since the template was made, or since `from` */
    struct waypoint {
        uint64_t pc, hits, step; /* the template runs to the hits-th meeting of pc; 0: it stays */
    } waypoint;

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

/* ---- copies.c -------------------------------------------------------------------------- */

/* A copy of the walked process where it stands now. NULL and *why if there can be none. */
struct family *walk_copy(struct walk *walk, const char **why);

/* The walked process may become one that cannot be copied: keeps what copies can be made from. */
void walk_keep_template(struct walk *walk);

/* The walked process has come to `from`: what is counted is counted from here. */
void walk_begin_at_from(struct walk *walk);

/* It has done it. */
void walk_look(struct walk *walk);
void walk_count_hit(struct walk *walk, uint64_t pc, bool repeated);

/* One step of a first process, with the others as far as it needs them. */
void walk_one(struct family *family);

/* On to the n-th meeting of pc. False if it never came. */
bool walk_to_hit(struct family *family, uint64_t pc, uint64_t hits);

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
