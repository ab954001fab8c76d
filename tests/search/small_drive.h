/* SPDX-License-Identifier: MIT */
/* Drives the search over states through a small graph, as the runtime's kernels drive it through a program. */
#ifndef HAZARD_TESTS_SEARCH_SMALL_DRIVE_H
#define HAZARD_TESTS_SEARCH_SMALL_DRIVE_H

#include "explore/search/states/states.h"
#include "tests/search/small_graph.h"

struct drive_options {
    bool
        goes_back; /* to where the last execution has been; else each begins with the first state */
    uint64_t
        abandon; /* seed: some executions are abandoned, anywhere, and their worker vanishes; 0: none */
    int workers;    /* take turns, a step each or so; 0: one alone */
    uint64_t turns; /* seed: whose turn it is */
};

struct driven {
    int64_t states, steps; /* what the search says */
    int executions, resumed, abandoned;
    int waited;        /* turns of a worker that found nothing to do */
    bool shown;        /* a cycle */
    const char *fault; /* what went wrong first; NULL: nothing */
};

struct driven small_drive(const struct small_graph *graph, struct arena *arena,
                          const struct drive_options *options);

#endif
