/* SPDX-License-Identifier: MIT */
/* What is asked of an exploration. */
#ifndef HAZARD_EXPLORE_FRONT_EXPLORE_OPTIONS_H
#define HAZARD_EXPLORE_FRONT_EXPLORE_OPTIONS_H

#include "explore/search/strategy.h"
#include "explore/shared.h"
#include "option.h"
#include "report/severity.h"

/* For who has said nothing: some 15 seconds. */
enum { EXPLORE_EFFORT = 50000000 };

struct explore_options {
    const char *strategy;
    uint64_t seed;
    int64_t executions; /* 0: no limit; -1: the strategy's default */
    int64_t steps;      /* of one execution */
    double seconds;     /* 0: no limit */
    int64_t effort;     /* likewise, in steps: nobody's option */
    int bound, jobs;
    int shard, shards; /* one of so many, from 1; shards 0: all of the search */
    int spurious, weak, timeouts, late, looks, stores; /* bounds: shared/bounds.h */
    int overtaking;                                    /* see shared_config; 0: no limit */
    enum races races;
    enum audit_extent audit;
    enum memory_model memory;
    bool minimise, output, keep_going;
    struct severities severities; /* of kinds that only warn, or are not looked for */
    int allow_exit;               /* a status that is no finding; -1: none but 0 */
    const char *reach;            /* a label that is searched for; NULL: none */
    bool sv_comp;                 /* the functions __VERIFIER_* are known */
    bool trace;              /* with strategy "replay": the trace is wanted even if nothing fails */
    const uint8_t *schedule; /* for "replay": pairs (actor, alternative) */
    int schedule_length;     /* in steps */
    const uint64_t *raced;   /* granules whose accesses are steps from the start (shared.h) */
    int raced_count;
    size_t memory_bytes; /* resident, the program and the search together */
};

/* The defaults of the command line. */
extern const struct explore_options explore_default_options;

/* All that can be set by name. */
extern const struct detector_option explore_options_table[];

/* Does the strategy use that option? -1 and *error, which names the strategies that do. */
int explore_option_fits(const struct detector_option *option, const char *strategy,
                        struct error *error);

/* The strategy that came to the verdict: the one that was asked for, or, of several, the last. */
const struct strategy *explore_decided(const struct explore_options *options,
                                       const struct shared *shared);

#endif
