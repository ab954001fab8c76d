/* SPDX-License-Identifier: MIT */
/*
 * What comes out of a walk: its points, and how the copies ended. Nothing has a name yet: report/
 * asks the symbols.
 */
#ifndef HAZARD_INJECT_WALK_INJECTION_H
#define HAZARD_INJECT_WALK_INJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/run.h"
#include "symbols/spots.h"

enum ending_kind {
    ENDING_WELL,     /* same output, same exit */
    ENDING_DEADLOCK, /* waits for what will never come */
    ENDING_CRASH,    /* killed by a signal; aborted by libc: its words are in `text` */
    ENDING_WRONG,    /* another exit code, or other output */
    ENDING_RAN_AWAY, /* took more than its budget of instructions */
    ENDING_UNJUDGED, /* the copy could not be made or judged: why is in `text` */
    ENDING_KINDS
};

/* How a copy ended; copies that ended alike share one. */
struct ending {
    enum ending_kind kind;
    /* "waits for a lock that nobody will release (futex)", "malloc(): invalid size (unsorted)",
     * "exit 1", "does not print 'x' (whole) any more". Without addresses and process ids: the same
     * on every run. */
    const char *text;
    /* The signal is to blame wherever it comes: in the undisturbed run it comes by itself, and that
     * run is wrong, too (ENDING_WRONG); or that run sleeps for ever (ENDING_DEADLOCK or _WRONG). */
    bool late;
};

enum point_flags {
    POINT_BLOCKED = 1,  /* the signal is blocked here: it comes at the unblocking. Only the first
                          point of such a stretch was tried, and stands for all of it */
    POINT_INSIDE = 2,   /* inside a system call that sleeps, not before an instruction */
    POINT_LEFT_OUT = 4, /* not tried: the budget ended, or another point was asked for */
    POINT_TRIED = 8,    /* a copy was made for this very point */
    POINT_ALL_END = 16  /* with child_exit: all held children end, of which there are several */
};

/* Where the signal came. --at=K is point K of the array. */
struct point {
    uint64_t pc;
    uint32_t ending; /* index into endings */
    uint16_t flags;  /* enum point_flags */
    /* With child_exit: which of the held children ends; 0: the youngest; their number: all of them.
     * The points of one instruction follow each other, from 0 up. */
    uint16_t child;
};

/* A second signal that did harm. */
struct signal_pair {
    int64_t point;       /* where the first came */
    int64_t instruction; /* of its handler, from 0: where the second came */
    uint32_t ending;     /* index into endings */
};

struct injection {
    struct point *points;
    size_t point_count;
    struct signal_pair *pairs; /* by point and instruction */
    size_t pair_count;
    int64_t pairs_tried;    /* with those that did no harm */
    struct ending *endings; /* [0] is ENDING_WELL */
    size_t ending_count;
    struct run_outcome undisturbed; /* of the run without a signal; output and errors as compared */
    const char *asleep;             /* that run sleeps for ever (RUN_STUCK), and why; else "" */
    struct symbols_map *maps;       /* what is mapped executable, to name a pc */
    size_t map_count;
    const char *unsupported; /* NULL, or what it is: "starts a thread (...)" */
    const char *note;        /* "no handler for SIGUSR1 was installed" and the like; may be "" */
    bool input_ended;        /* it met the end of its standard input */
    bool interrupted, cut;   /* by the user; by a budget */
    double seconds;
};

#endif
