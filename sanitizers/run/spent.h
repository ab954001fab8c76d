/* SPDX-License-Identifier: MIT */
/*
 * How much of its time a tree of processes has had: the processor time that it used, and the time
 * in which it slept of its own will. What others took from it (it could have run, and the machine
 * was busy) does not count, so a limit means the same on every machine.
 */
#ifndef HAZARD_RUN_SPENT_H
#define HAZARD_RUN_SPENT_H

#include <stdbool.h>

#include "run/proc.h"
#include "run/rest.h"

/* Wall time is a far backstop: for who neither runs nor sleeps (a disk that does not answer). */
#define SPENT_BACKSTOP 10

struct spent {
    double seconds; /* the sum, so far */
    double sleep;   /* of the sum */
    double rested;  /* of wall time, without a break: everybody slept, and (next to) nothing ran */
    /* Of the latest second or so: more of it was processor time than sleep. */
    bool burning;

    /* As the latest look found it. */
    double looked;     /* clock_seconds */
    double cpu, delay; /* of the tree */
    double lost;       /* of processes for which nobody waited */
    double rested_cpu; /* when the rest began */
    double ran, slept; /* lately */
    size_t count;      /* processes */
    bool asleep;
};

void spent_start(struct spent *spent);

/* What one look tells. `elsewhere`: processor time of members that we have waited for ourselves;
 * `rest`: of the whole tree. */
void spent_look(struct spent *spent, const struct proc_tree *tree, double elsewhere,
                enum rest rest);

#endif
