/* SPDX-License-Identifier: MIT */
/* The steps of one execution, looked up: what the table, the traces and the JSON of it show. */
#ifndef HAZARD_RENDER_STEPS_H
#define HAZARD_RENDER_STEPS_H

#include <stdbool.h>

#include "explore/front/explore.h"
#include "explore/front/trace_marks.h"

/* Which part of which execution is shown, and how. */
struct interleaving {
    const struct explore_outcome *outcome; /* its shared->trace, and what its symbols say */
    const struct sources *sources;         /* whose lines are shown */
    const char *root;                      /* file names below it are shown relative to it */
    bool full;                             /* every step, not only the interesting ones */
    int steps;      /* how many of them, from the first; 0: all that the trace has */
    int critical;   /* number of the critical step, from 1; 0: as the trace says */
    size_t finding; /* the one that the trace leads to: its index among the outcome's */
};

/* One step, or one of the accesses that race, looked up. */
struct step_shown {
    const struct shared_step *step; /* NULL: an access */
    int id;                         /* of the actor */
    const char *actor;              /* "main thread" */
    const char *words;              /* "locks mutex `lock`" */
    const char *path;               /* of the file; NULL: unknown */
    const char *file;               /* the same as it is shown */
    int line;                       /* 0: unknown */
    bool switched;                  /* another actor made the step before it */
    bool preempted;                 /* ... though that one could have gone on */
    bool critical;                  /* after it the failure could not be avoided */
    bool repeats;                   /* it is part of the cycle that a livelock goes round in */
};

/* How many steps there are to show. */
int steps_length(const struct interleaving *what);

/* Looks steps up; each place in the program once. Below `owner`. */
struct steps *steps_open(void *owner, const struct interleaving *what);
int steps_count(const struct steps *steps);

/* Strings live as long as `steps`. */
struct step_shown steps_look(struct steps *steps, int index);

const struct trace_marks *steps_marks(const struct steps *steps);

/* Of marks->racing, in order. */
struct step_shown steps_racing(struct steps *steps, int which);

/* The text of its line, without its indentation; "" if it cannot be read. */
const char *steps_source(struct steps *steps, const struct step_shown *shown);

#endif
