/* SPDX-License-Identifier: MIT */
/*
 * explore: runs a program again and again, each time under a schedule of its choosing, until it has
 * a failing one or has tried all that differ. This is hazard's side; the search itself runs inside
 * the program (explore/runtime), and the two share memory (shared.h).
 */
#ifndef HAZARD_EXPLORE_FRONT_EXPLORE_H
#define HAZARD_EXPLORE_FRONT_EXPLORE_H

#include "base/fail.h"
#include "detector.h"
#include "explore/front/explore_options.h"
#include "explore/shared.h"
#include "run/run.h"

/* How a program is compiled for explore: the compiler's thread hooks, our runtime in place of
 * libtsan. A recipe (hazard/cc/recipe.h) adds words: -O1, -DN=3... */
extern const struct flavour flavour_explore, flavour_explore_clang;

/* The flavour of "gcc" or "clang"; NULL and *error for any other. */
const struct flavour *explore_flavour(const char *compiler, struct error *error);

/* --- explore.c: one exploration --- */

struct explore_outcome {
    enum verdict verdict; /* FOUND, PROVED, BOUNDED or UNSUPPORTED */
    const char *up_to;    /* of PROVED: as assumptions_reached() says; else "" */
    const char *detail;   /* one line: "432 executions; each wait may wake once for nothing; ..." */
    const char *next;     /* what to do now, where it is undecided; else "" */
    int64_t executions, blocked, steps, deepest;
    int64_t states, state_steps; /* of a search over states */
    double seconds;
    bool interrupted;         /* by the user: then BOUNDED */
    bool share_done;          /* one shard of the search is, without a finding: then BOUNDED, too */
    uint64_t identity;        /* of a shard: what all must have in common (sharing.h) */
    struct findings findings; /* symbolised; locations in the order of the finding. The first
                                         one's schedule is that of shared->trace */
    struct findings warnings; /* that fail no program: options.levels */
    const int64_t *finding_execution; /* for each, which execution showed it; from 1 */
    const struct shared *shared;      /* the raw outcome, trace and stacks; below `owner` */
    struct objects *objects;          /* names of what lies in it; below `owner` */
    struct sources sources; /* the subject's; of a bare binary those that debug information names */
};

/* What is shown while it runs; called a few times a second. */
typedef void (*explore_progress)(const struct shared *shared, double seconds, void *data);

/* Why this program cannot be explored at all, as it is built; NULL: it can. Below `owner`. */
const char *explore_objection(void *owner, const struct subject *subject);

/*
 * Runs the subject (built in an explore flavour) to its verdict. -1 and *error: hazard itself
 * failed, or the program is not one that was built for explore (says so), or is not deterministic
 * (says how).
 */
int explore_run(void *owner, const struct subject *subject, const struct explore_options *options,
                explore_progress progress, void *data, struct explore_outcome *outcome,
                struct error *error);

#endif
