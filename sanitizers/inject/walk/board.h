/* SPDX-License-Identifier: MIT */
/*
 * What the workers of one walk write down, in memory that they share with hazard.
 *
 * Every worker walks the whole program and comes to the same points; it writes only those whose
 * block is its own. So nobody waits for anybody, and the result does not depend on the number of
 * workers.
 */
#ifndef HAZARD_INJECT_WALK_BOARD_H
#define HAZARD_INJECT_WALK_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "inject/family/family.h"
#include "inject/walk/judge.h"

#define BOARD_JOBS 64
#define BOARD_BLOCK 16 /* points that one worker tries in a row */
#define BOARD_ENDINGS 512
#define BOARD_SECONDS 4096 /* second signals of each worker that do harm and are kept */
#define BOARD_MAPS (1 << 20)

struct board_point {
    uint64_t pc;
    uint32_t ending;     /* index into endings of its worker */
    uint32_t stands_for; /* POINT_BLOCKED: the point whose ending it shares */
    uint16_t flags, child;
};

/* A second signal that does harm. */
struct board_second {
    uint32_t point, instruction;
    uint32_t ending; /* index into endings of its worker */
};

/* What one worker writes. */
struct board_worker {
    _Atomic int64_t done, bad;
    _Atomic bool finished;
    size_t point_count; /* of the whole walk, the same for all */
    uint64_t checksum;  /* of the pcs of all points */
    size_t ending_count;
    struct judged endings[BOARD_ENDINGS];
    int64_t second_tried;
    size_t second_count;
    struct board_second seconds[BOARD_SECONDS];
    bool failed, cut, interrupted, input_ended;
    char error[1024], unsupported[512], note[512];
};

struct board {
    _Atomic bool stop;
    size_t most_points, output_bytes;
    struct board_worker workers[BOARD_JOBS];
    /* Written by worker 0. */
    enum family_end undisturbed;
    int undisturbed_status;
    char undisturbed_why[JUDGED_TEXT];
    size_t lengths[2];
    char maps[BOARD_MAPS]; /* of /proc/PID/maps */
    char *output[2];
    struct board_point *points;
};

/* NULL if there is no room for it. */
struct board *board_new(size_t most_points, size_t output_bytes);
void board_free(struct board *board);

/* The worker that tries that point. */
static inline size_t board_worker_of(size_t point, size_t jobs) {
    return point / BOARD_BLOCK % jobs;
}

/* That worker cannot walk it: "%s%s" says why. Always -1. */
int board_refuse(struct board_worker *worker, const char *what, const char *which);

/* The copy that was made for the point ended so. */
void board_note_ending(struct board_worker *worker, struct board_point *point,
                       const struct judged *judged);

/* The same of a second signal; it is kept if it did harm. */
void board_note_second(struct board_worker *worker, size_t point, int64_t instruction,
                       const struct judged *judged);

/* By worker 0 alone. */
void board_keep_undisturbed(struct board *board, const struct judge_reference *reference);
void board_keep_maps(struct board *board, pid_t pid);

#endif
