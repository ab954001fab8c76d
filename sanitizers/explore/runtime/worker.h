/* SPDX-License-Identifier: MIT */
/* What a worker asks of the server, for when this execution is over. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORKER_H
#define HAZARD_EXPLORE_RUNTIME_WORKER_H

#include <stdbool.h>

/* Kernel state was touched: the next execution needs a fresh process. */
void worker_touched(void);

/* The memory that is raced on has grown: the search begins anew. */
void worker_search_anew(void);

/* Is what runs given by a schedule, or by what was searched before? Then it must not begin anew. */
bool worker_replays(void);

#endif
