/* SPDX-License-Identifier: MIT */
/* What fails, and where. */
#ifndef HAZARD_EXPLORE_SHARED_FINDING_H
#define HAZARD_EXPLORE_SHARED_FINDING_H

#include <stdint.h>

#include "explore/message/message.h"

enum {
    SHARED_LOCATIONS = 16, /* of one finding */
    SHARED_FINDINGS = 32,  /* distinct ones kept */
    SHARED_WARNINGS = 8    /* likewise */
};

struct shared_location {
    int32_t actor;   /* -1: none (where a block was allocated...) */
    int32_t context; /* 1: explains, is not guilty */
    uint32_t stack;  /* of the depot: the calls that led there, without the innermost frame */
    uint32_t step;   /* index in the trace; UINT32_MAX: none */
    uint64_t pc;     /* the innermost: a return address; 0: none */
    struct message_doing doing; /* "write of 4 bytes", "waits for mutex `lock`" */
};

struct shared_finding {
    int32_t kind; /* enum kind of report/report.h */
    int32_t location_count;
    struct message message; /* without the kind */
    struct shared_location locations[SHARED_LOCATIONS];
    int64_t execution;        /* which one showed it, from 1 */
    int32_t schedule_length;  /* in steps */
    int32_t raced;            /* how many of raced_granules were visible in it */
    uint64_t schedule_offset; /* from the start of the region: pairs (actor, alternative) that show
                                 it */
};

#endif
