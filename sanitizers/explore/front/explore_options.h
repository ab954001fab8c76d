/* SPDX-License-Identifier: MIT */
/* What is asked of an exploration. */
#ifndef HAZARD_EXPLORE_FRONT_EXPLORE_OPTIONS_H
#define HAZARD_EXPLORE_FRONT_EXPLORE_OPTIONS_H

#include "explore/shared.h"
#include "option.h"

struct explore_options {
    const char *strategy;
    uint64_t seed;
    int64_t executions; /* 0: no limit; -1: the strategy's default */
    int64_t steps;      /* of one execution */
    double seconds;     /* 0: no limit */
    int bound, spurious, jobs;
    int overtaking; /* see shared_config; 0: no limit */
    enum races races;
    bool minimise, output, keep_going;
    bool trace;              /* with strategy "replay": the trace is wanted even if nothing fails */
    const uint8_t *schedule; /* for "replay": pairs (actor, alternative) */
    int schedule_length;     /* in steps */
    const uint64_t *raced;   /* granules whose accesses are steps from the start (shared.h) */
    int raced_count;
    size_t memory_bytes; /* resident, the program and the search together */
};

/* The defaults of the command line. */
extern const struct explore_options explore_default_options;

/* All that can be set by name; ends with an option without a name. */
extern const struct detector_option explore_options_table[];

/* Sets one option by its name on the command line and in the catalogue, without dashes: "races",
 * "report". *value must live as long as the options. -1 and *error: "--races takes...". */
int explore_option_set(struct explore_options *options, const char *name, const char *value,
                       struct error *error);

/* Does the strategy use that option? -1 and *error, which names the strategies that do. */
int explore_option_fits(const char *name, const char *strategy, struct error *error);

/* "stop", "report", "ignore". */
const char *explore_races_name(enum races races);

/* The reverse; -1: there is no such name. */
int explore_races_from_name(const char *name, enum races *races);

#endif
