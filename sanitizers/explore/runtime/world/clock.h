/* SPDX-License-Identifier: MIT */
/* Virtual time. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_CLOCK_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* What the clock shows at virtual time 0, in nanoseconds. UINT64_MAX: there is no such clock. */
uint64_t clock_start(clockid_t clock);

#endif
