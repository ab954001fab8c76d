/* SPDX-License-Identifier: MIT */
/*
 * What a worker remembers from one execution to the next.
 *
 * Static variables are rewound with the program's, so the memory of earlier executions lies at a fixed
 * address of its own, one for each worker process.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_LASTING_H
#define HAZARD_EXPLORE_RUNTIME_LASTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/runtime/places.h"
#include "explore/search/arena.h"
#include "explore/shared.h"

enum { LASTING_REGIONS = 1024 };

/* A stretch of writable memory that is rewound, page by page: see rewind.c. */
enum heat { HEAT_NONE, HEAT_HOT, HEAT_COOL };

struct region {
    char *start;
    size_t pages;
    uint8_t *hot; /* one byte a page: enum heat */
};

enum page_owner { PAGE_PROGRAM, PAGE_OURS, PAGE_MIXED };

struct hot_page {
    char *page, *copy;
    char *image;    /* at the latest checkpoint; NULL: there was none since it is hot */
    uint8_t owner;  /* enum page_owner */
    bool cool;      /* protected again, until its next write */
    uint16_t still; /* checkpoints since it changed */
};

struct lasting {
    struct arena arena;
    uint8_t stack_mapped[OP_ACTORS];
    int16_t ids[OP_ACTORS][64]; /* of an actor's first children; 0: not yet known here */

    struct region regions[LASTING_REGIONS];
    int region_count;
    struct hot_page *hot;
    int hot_count, hot_space;

    bool in_kernel;      /* the kernel runs, not the program */
    void *sp;            /* the kernel's stack, while a fiber runs */
    void *search;        /* the worker's part of it */
    bool ran[OP_ACTORS]; /* since the latest checkpoint */
    int64_t moves;       /* operations so far; the watchdog looks at it, and keeps: */
    int64_t moves_seen;
    int32_t idle; /* ticks of processor time without any: cut.h */
    bool touched; /* kernel state was touched: a fresh process next */
    int around;   /* ... from this step on */
    bool shows;   /* this execution goes round a cycle of states that is known */
    bool traced;  /* this execution is recorded in shared->trace */
    uint8_t schedule[2 * SHARED_TRACE]; /* of this execution: pairs (actor, alternative) */
    uint64_t signal_stack[4096];
};
#define lasting ((struct lasting *)LASTING_ADDRESS)

void lasting_map(void);         /* once, in the server */
void *lasting_new(size_t size); /* zeroed; for ever */
struct arena *lasting_arena(void);

#endif
