/* SPDX-License-Identifier: MIT */
/*
 * The memory that hazard shares with the program under test: what is asked, how far it is, what
 * came out. One memfd, whose number the program finds in the environment (SHARED_VARIABLE).
 *
 * hazard writes `config` before it starts the program and reads the rest while it runs and after it
 * has ended. Everything else of the region (from `arena` on) belongs to the search.
 */
#ifndef HAZARD_EXPLORE_SHARED_H
#define HAZARD_EXPLORE_SHARED_H

#include <stdint.h>

#include "explore/message/message.h"
#include "explore/op.h"
#include "explore/shared/addresses.h"
#include "explore/shared/bounds.h"
#include "explore/shared/config.h"
#include "explore/shared/counts.h"
#include "explore/shared/finding.h"
#include "explore/shared/trace.h"

#define SHARED_VARIABLE "HAZARD_EXPLORE"

enum {
    SHARED_OUTPUT = 1 << 14, /* bytes kept of what the failing execution printed */
    SHARED_RACED = 1 << 16,  /* racy granules that can be made visible */
    SHARED_WEAK = 64,        /* functions named */
    SHARED_UNSEEN = 64,      /* instructions named */
    SHARED_LABELS = 64,      /* places that hazard_reach names */
    SHARED_NAMES = 64        /* objects that the program itself has given a name */
};

#define SHARED_SIZE (UINT64_C(1) << 36) /* sparse */

enum shared_end {
    SHARED_RUNNING,
    SHARED_EXHAUSTED, /* every execution that differs was tried (or all that were asked for, if the
                           strategy is not exhaustive) */
    SHARED_BUDGET,    /* the budget ended first: `reason` says which */
    SHARED_FOUND,     /* see findings */
    SHARED_UNSUPPORTED, /* `reason` names what */
    SHARED_DIVERGED,    /* not deterministic: `reason` */
    SHARED_FAILED       /* our own failure: `reason` */
};

struct shared_label {
    char name[SHARED_LABEL]; /* cut, if it is longer */
    int32_t reached;
};

struct shared_name {
    uint64_t address; /* 0: nobody */
    char name[56];
};

struct shared {
    uint64_t
        version;   /* SHARED_VERSION of explore/shared_version.h, which ci/layout-version makes */
    uint64_t base; /* load address of the program */
    uint32_t end;  /* enum shared_end; written last */

    struct shared_counts counts; /* also while it runs */

    /* The outcome. */
    char decided[32]; /* the strategy that came to it */
    struct message reason;
    uint64_t reason_pc;   /* where, if not 0 */
    int64_t weak_atomics; /* places of atomic operations weaker than seq_cst */
    int32_t sequences;    /* 1: what ends a release sequence in C23 went on with one */
    int64_t
        untold_exchanges; /* places whose compare-exchange may be weak, taken for a strong one */
    uint64_t shard_plan;  /* of one shard of a search: the same for all (search/shard) */
    int64_t raced;        /* racy locations that were made visible */
    int64_t earlier; /* executions of searches given up because the set of racy locations grew */
    char unknown[SHARED_WEAK][48]; /* calls taken as conflicting with everything */
    int32_t unknown_count;
    int32_t audited;                /* 1: each instruction of the program that ran was looked at */
    int32_t frames_shared;          /* 1: a thread accessed another's stack, and config.frames */
    int32_t unaudited;              /* functions of the program that cannot be decoded */
    int32_t unhooked_said;          /* 1: some thread began in a library without hooks... */
    struct message unhooked;        /* ...by this call */
    uint64_t unseen[SHARED_UNSEEN]; /* those whose accesses no hook announces; then 0 */
    struct shared_label labels[SHARED_LABELS];
    int32_t label_count;
    int32_t values_sampled; /* 1: of what __VERIFIER_nondet_* may be, some was tried */
    int32_t input_ended;    /* 1: it met the end of standard input, of which there was none */
    int32_t finding_count;
    struct shared_finding findings[SHARED_FINDINGS];
    int32_t complete; /* 1: all that differs was tried, whatever was found */
    int32_t warning_count;
    struct shared_finding warnings[SHARED_WARNINGS];
    int32_t critical; /* index of the critical step; -1: unknown */
    int32_t output_length;
    char output[SHARED_OUTPUT]; /* of the failing execution: stdout and stderr */
    struct shared_actor actors[OP_ACTORS];
    int32_t actor_count;

    struct shared_name names[SHARED_NAMES]; /* of semaphores */
    uint64_t standard_streams[3];           /* where they lie in the C library, by descriptor */

    int32_t trace_length;
    struct shared_step trace[SHARED_TRACE];
    uint8_t schedule[2 * SHARED_TRACE]; /* of the trace, complete: pairs */
    uint32_t stack_count; /* nodes made; they lie where their hash put them: depot.c */
    struct shared_stack stacks[SHARED_STACKS];
    uint64_t raced_granules[SHARED_RACED]; /* the first `raced` are; what comes then, until 0,
                                              will be in the next search */

    struct shared_config config;
    char arena[]; /* to SHARED_SIZE */
};

#endif
