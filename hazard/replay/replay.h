/* SPDX-License-Identifier: MIT */
/*
 * One schedule, replayed.
 */
#ifndef HAZARD_REPLAY_REPLAY_H
#define HAZARD_REPLAY_REPLAY_H

#include "explore/front/schedule.h"

struct replay {
    const char *file; /* the schedule's */
    const struct schedule *schedule;
    struct subject subject; /* built */
    const char *root;       /* file names below it are shown relative to it */
    bool changed;           /* the program is not the one that was recorded */

    struct explore_outcome outcome; /* of the first time */
    int times, same;                /* how often it ran; how often as the first time */
    bool as_recorded;       /* what the schedule says came out, or the program was changed and the
                               schedule ends well now */
    const char *difference; /* what differs from the record, in words; "" */
};

/*
 * Reads the schedule, finds the program and builds it in `scratch`. -1 and *error; *words as
 * build_program sets it.
 */
int replay_prepare(void *owner, const char *file, const char *scratch, struct replay *replay,
                   const char **words, struct error *error);

/* Runs it so many times. -1 and *error: also when the program strays from the schedule. */
int replay_run(void *owner, struct replay *replay, int times, struct error *error);

/* Of the first time; NULL: it ended well. */
const struct finding *replay_finding(const struct replay *replay);

/* Its index among the outcome's findings; 0 if there is none. */
size_t replay_finding_index(const struct replay *replay);

#endif
