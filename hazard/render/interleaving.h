/* SPDX-License-Identifier: MIT */
/*
 * One execution for people and tools: a table with a column for each actor, a trace for
 * chrome://tracing and Perfetto, a log for ShiViz. All three read the trace of an explore_outcome.
 */
#ifndef HAZARD_RENDER_INTERLEAVING_H
#define HAZARD_RENDER_INTERLEAVING_H

#include <jansson.h>
#include <stdio.h>

#include "explore/front/explore.h"
#include "explore/front/trace_marks.h"
#include "explore/front/words.h"

struct interleaving {
    const struct explore_outcome *outcome; /* its shared->trace, and what its symbols say */
    const struct sources *sources;         /* whose lines are shown */
    const char *root;                      /* file names below it are shown relative to it */
    bool full;                             /* every step, not only the interesting ones */
    int steps;                             /* only so many; 0: all that the trace has */
    int critical;   /* number of the critical step, from 1; 0: as the trace says */
    size_t finding; /* the one that the trace leads to: its index among the outcome's */
};

/*
 * A row for each step: its line of source and what it did, in the column of its actor; marks for
 * switches, preemptions and the critical step, explained below the table. Accesses that race are no
 * steps: their rows have no number. Nothing for an empty trace. The page is as wide as $COLUMNS or
 * the terminal, else 100 columns.
 */
void interleaving_print(FILE *out, size_t indent, const struct interleaving *what);

/* [{"step", "actor", "words", "file", "line", "switch", "preemption", "critical"...}], and of an
 * access that races {"after", "actor", "words", "file", "line", "race"}. New reference. */
json_t *interleaving_json(const struct interleaving *what);

/* chrome.c: the Trace Event format, an object. New reference. */
json_t *chrome_trace(const struct interleaving *what);

/* shiviz.c: a log that ShiViz takes as a file. Below `owner`. */
char *shiviz_log(void *owner, const struct interleaving *what);

/* --- steps.c: what they have in common --- */

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
int interleaving_length(const struct interleaving *what);

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

/* interesting.c: which steps are shown; all of them if what->full. Below `owner`. */
bool *steps_interesting(void *owner, const struct interleaving *what);

#endif
