/* SPDX-License-Identifier: MIT */
/*
 * A schedule: one execution of one program, so that it can be run again. schedule_text.h writes it
 * into a file, schedule_parse.h reads it.
 */
#ifndef HAZARD_EXPLORE_FRONT_SCHEDULE_H
#define HAZARD_EXPLORE_FRONT_SCHEDULE_H

#include "base/fail.h"
#include "explore/front/explore.h"

struct schedule_step {
    uint8_t actor;                     /* by creation in this execution: 0 is the main thread */
    uint8_t alternative, alternatives; /* what was chosen within it, of how many; 0/0: nothing;
                                          OP_ANY: of how many is not known */
    const char *words;                 /* "thread 2 locks mutex `lock` at seat.c:31"; may be "" */
};

struct schedule {
    const char *program; /* as the user named it, for messages */

    /* Where it comes from: a program of the suite (its path below the root), or the user's sources,
     * or a binary that is built already. Names as they were given. */
    const char *in_suite;       /* NULL: not of the suite */
    const char *const *sources; /* NULL-terminated; empty for the other two */
    const char *binary;         /* NULL: to be built */
    const char *compiler;       /* as explore_flavour takes it; NULL for a binary */
    const char *const *flags;   /* more words for it: -O1...; NULL-terminated */
    const char *const *args;    /* NULL-terminated */
    const char *input;          /* its standard input, as it was named; NULL: none */
    uint64_t input_checksum;    /* checksum_content of it */
    const char *folder;         /* where it runs; NULL: where hazard does */
    const char *const
        *environment;  /* "NAME=value" that it has more; NULL-terminated, may be NULL */
    uint64_t checksum; /* checksum_program of the binary */

    /* What else decides how the schedule goes on. */
    struct explore_options options; /* those that a record says (option.h) */
    const uint64_t *raced;          /* granules of 8 bytes whose accesses are steps: addresses */
    int raced_count;

    int kind;            /* enum kind; -1: nothing was found */
    const char *message; /* the finding's; "" if there is none */
    int critical;        /* index of the critical step; -1: unknown */
    struct schedule_step *steps;
    int step_count;
};

/*
 * Takes one of the outcome's findings (0: that of the trace; -1: nothing was found, but the trace
 * is to be kept), its steps, the options and the binary's checksum; the caller sets where the
 * program comes from. Steps of other findings than the first have no words. Below `owner`.
 */
int schedule_take(void *owner, const struct explore_outcome *outcome, int finding,
                  const struct explore_options *options, const struct subject *subject,
                  struct schedule *schedule, struct error *error);

/* The other way: what a replay is to be asked. The pairs of the steps lie below `owner`. */
struct explore_options schedule_options(void *owner, const struct schedule *schedule);

#endif
