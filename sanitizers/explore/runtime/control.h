/* SPDX-License-Identifier: MIT */
/*
 * What all workers and the server share: what hazard reads and writes too (shared.h), and, behind it,
 * what only the runtime knows.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CONTROL_H
#define HAZARD_EXPLORE_RUNTIME_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/runtime/places.h"
#include "explore/search/strategy.h"
#include "explore/shared.h"

/* Used everywhere, so without a prefix. */
extern INTERNAL struct shared *shared;
extern INTERNAL bool control_by_hand; /* nobody watches: one execution, output where it belongs */

/* What comes next, for the server. */
enum control_phase { PHASE_SEARCH, PHASE_MINIMISE, PHASE_CRITICAL, PHASE_TRACE };

/* Where a thing of the modelled world lies, by its name: memory.c. */
struct control_name {
    uint64_t name;
    uint32_t use, place; /* place 0: free */
};
enum { CONTROL_NAMES_LOG = 20, CONTROL_NAMES = 1 << CONTROL_NAMES_LOG };

/* What a search over states has taken for nothing, and must not. */
struct control_facts {
    uint32_t past_whole;    /* of the past, what is after an access counts: past_after.c... */
    uint32_t stacks_shared; /* ... as it does for returns */
    uint32_t ends_asked;    /* somebody asks whether a thread has ended */
    uint32_t times;         /* somebody looked at a clock */
    uint32_t exits_differ;  /* exit statuses hang on the schedule (all searches) */
    uint32_t contended;     /* so many of control->contended */
    uint32_t atomic_whole;  /* atomic blocks do what others can see, or end the execution: step.c */
};

struct page_use;
enum { CONTROL_ENDLESS = 16 };
enum { CONTENDED = 1 << 16, CONTROL_USES_LOG = 16, CONTROL_USES = 1 << CONTROL_USES_LOG };

struct control {
    struct arena arena; /* of the search */
    const struct strategy *strategy;
    struct search_config search_config;
    void *search;
    int32_t phase;               /* enum control_phase */
    int64_t step_limit;          /* of all executions; 0: none */
    int64_t alone;               /* steps before the first where two could move; 0: not known */
    int32_t lend;                /* TLS that a worker borrows at its start */
    uint32_t stop;               /* all workers shall end */
    uint32_t late;               /* the deadline is over: a failure is traced as it is */
    uint32_t weary;              /* the effort was made: nothing is begun any more */
    int64_t effort;              /* effort.h */
    uint32_t exhausted;          /* the strategy said so: BEGIN_OVER */
    uint32_t main_reached;       /* some worker got through the constructors */
    int32_t constructors;        /* 1: one begins a thread, so they are explored; -1: cannot be */
    uint32_t again;              /* worker_search_anew() was called */
    struct control_facts facts;  /* the same for all workers, as long as a search is under way */
    struct control_facts learnt; /* will be that of the next */
    struct page_use *uses[CONTROL_USES]; /* who accesses what, in all executions: past.c */
    uint32_t use_count;
    int32_t given_up;              /* a search over states: why, enum message_text; 0: no */
    uint32_t again_soon;           /* the search has to begin anew, but may learn more before */
    uint64_t contended[CONTENDED]; /* granules where accesses could race if nothing ordered them;
                                      and blocks of the heap, | 1 */
    int32_t exit_seen;  /* 1 + the exit status of the first execution that ended; 0: none has */
    int64_t cut;        /* executions that were cut off: cut.c */
    uint64_t cut_pc;    /* where the first of them was */
    int32_t cut_thread; /* ... and which thread computed there; 0: it made too many steps */
    int32_t cut_round;  /* 1: some went round in circles, and may leave them by other values */
    int32_t computed;   /* ticks that were spent so */
    int32_t endless_count;
    struct control_endless {
        int actor;
        uint64_t pc;
    } endless[CONTROL_ENDLESS]; /* the latest steps before it */
    int32_t exit_status;        /* of the program, when it was started by hand */
    int32_t actor_count;
    struct {
        int16_t parent, child; /* the child-th of that actor */
    } actors[OP_ACTORS];
    struct control_name names[CONTROL_NAMES];
    uint32_t name_count, names_next[2];
    int32_t schedule_length; /* of the first finding: pairs (actor, alternative) */
    uint8_t schedule[2 * SHARED_TRACE];
};
#define control ((struct control *)(SHARED_ADDRESS + ((sizeof(struct shared) + 4095) & ~4095UL)))

/* How a worker ends. */
enum worker_end { WORKER_DONE = 74, WORKER_AGAIN = 75 }; /* 0 would be the program's own doing */

/* Steps of all executions so far, but for those that all begin with: mostly these are not made again. */
int64_t control_steps(void);

/* Maps it: the memory that the environment names, or memory of its own for a program that was started
 * by hand. Once, before the workers are forked. */
void control_map(char **environment);

/* One execution in the first process, which stops at step config.bound. */
bool control_in_debugger(void);

#endif
