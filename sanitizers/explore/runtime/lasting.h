/* SPDX-License-Identifier: MIT */
/*
 * What the runtime remembers from one execution to the next.
 *
 * Static variables are rewound with the program's, so the runtime's memory of earlier executions
 * lies at a fixed address of its own: `lasting`, one for each worker process. What all workers and
 * the server share lies in `control`, at the start of the shared arena.
 */
#ifndef HAZARD_EXPLORE_LASTING_H
#define HAZARD_EXPLORE_LASTING_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/runtime/kernel.h"
#include "explore/search/search.h"

enum { LASTING_REGIONS = 1024 };

/* A stretch of writable memory that is rewound, page by page: see rewind.c. */
struct region {
    char *start;
    size_t pages;
    uint8_t *hot; /* one byte a page */
};

struct hot_page {
    char *page, *copy;
};

struct lasting {
    struct arena arena;
    uint8_t stack_mapped[OP_ACTORS];
    int16_t ids[OP_ACTORS][64]; /* of an actor's first children; 0: not yet known here */

    struct region regions[LASTING_REGIONS];
    int region_count;
    struct hot_page *hot;
    int hot_count, hot_space;

    bool in_kernel; /* the kernel runs, not the program */
    void *sp;       /* the kernel's stack, while a fiber runs */
    void *search;   /* the worker's part of it */
    int64_t moves;  /* operations so far; the watchdog looks at it, and keeps: */
    int64_t moves_seen;
    int32_t idle;                       /* seconds of processor time without any */
    bool touched;                       /* kernel state was touched: a fresh process next */
    bool traced;                        /* this execution is recorded in shared->trace */
    uint8_t schedule[2 * SHARED_TRACE]; /* of this execution: pairs (actor, alternative) */
    uint64_t signal_stack[4096];
};
#define lasting ((struct lasting *)LASTING_ADDRESS)

/* What comes next, for the server. */
enum phase { PHASE_SEARCH, PHASE_MINIMISE, PHASE_CRITICAL, PHASE_TRACE };

struct control {
    struct arena arena; /* of the search */
    const struct strategy *strategy;
    struct search_config search_config;
    void *search;
    int32_t phase;         /* enum phase */
    int32_t lend;          /* TLS that a worker borrows at its start */
    uint32_t stop;         /* all workers shall end */
    uint32_t exhausted;    /* the strategy said so: BEGIN_OVER */
    uint32_t main_reached; /* some worker got through the constructors */
    uint32_t again;        /* search_restart() was called */
    int64_t cut;           /* executions that were too long */
    int32_t exit_status;   /* of the program, when it was started by hand */
    int32_t actor_count;
    struct {
        int16_t parent, child; /* the child-th of that actor */
    } actors[OP_ACTORS];
    int32_t schedule_length; /* of the first finding: pairs (actor, alternative) */
    uint8_t schedule[2 * SHARED_TRACE];
};
#define control ((struct control *)(SHARED_ADDRESS + ((sizeof(struct shared) + 4095) & ~4095UL)))

/* How a worker ends. */
enum worker_end { WORKER_DONE = 74, WORKER_AGAIN = 75 }; /* 0 would be the program's own doing */

void memory_map(void); /* the regions of lasting and execution memory; once, in the server */

/* rewind.c */
int rewind_snapshot(
    char *arguments); /* `arguments`: from there up the stack belongs to the program */
void rewind_memory(void);
bool rewind_fault(char *address); /* a write to a page not written before; false: not one of ours */
uint64_t
rewind_hash(uint64_t hash); /* of all memory that ever changed, but for the runtime's own */

/* kernel.c: runs executions until the search is over; the worker's exit code. */
int kernel_run(void);
int kernel_schedule(uint8_t **pairs); /* of this execution so far: its steps */
_Noreturn void kernel_crash(const char *what,
                            uintptr_t pc); /* from a signal handler, in the program */

/* actors.c: the id of the child-th child of that actor; 0: there are too many */
int actor_id(int parent, int child);

/* finding.c */
/* Where schedules are kept: behind all else in shared memory, so that no search overwrites them. */
uint8_t *finding_schedules(void);
void finding_keep(const struct shared_finding *finding);  /* unless one alike is known */
void finding_renew(const struct shared_finding *finding); /* the first, as the trace shows it */
bool finding_alike(const struct shared_finding *a, const struct shared_finding *b);

/* explain.c: adds to the traced finding where it comes from */
void finding_explain(struct shared_finding *finding);

/* recur.c */
enum recurrence {
    RECUR_NOT,
    RECUR_AWAITS,    /* the fiber is disabled until others have moved */
    RECUR_REDUNDANT, /* this execution was tried already, with one round less */
    RECUR_LIVELOCK   /* *finding says it */
};
void recur_begin(void);
void recur_moved(struct fiber *fiber, const struct event *event, int index);
enum recurrence recur_check(struct fiber *fiber, struct shared_finding *finding);
bool recur_release(void); /* nobody can move: those that await go on, unless they only read */

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size);

/* server.c: returns in workers only */
void serve(void);
bool in_debugger(void); /* one execution in the first process, which stops at step config.bound */

/* start.c */
extern bool started_by_hand; /* nobody watches: one execution, output where it belongs */
extern int (*program_main)(int, char **, char **);
extern int program_argc;
extern char **program_argv, **program_envp;
_Noreturn void real_exit(int status); /* libc's exit: handlers, then our last one */
void signals_start(void);             /* crashes, first writes, the watchdog */

#endif
