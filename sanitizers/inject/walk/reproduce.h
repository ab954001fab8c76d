/* SPDX-License-Identifier: MIT */
/* One point once more: to look at stacks, or to leave the copy to a debugger. */
#ifndef HAZARD_INJECT_WALK_REPRODUCE_H
#define HAZARD_INJECT_WALK_REPRODUCE_H

#include <sys/types.h>

#include "inject/inject_options.h"
#include "inject/walk/injection.h"
#include "report/finding.h"
#include "subject.h"

/* Of one point. The stacks are innermost first, and have no frames if they cannot be unwound. */
struct reproduction {
    bool tried; /* else nothing more is known: the walk ended before it came so far */
    struct ending ending;
    struct location interrupted; /* where the signal came */
    struct location stuck;       /* where the copy stands when it is stuck or dies: the handler's
                                    frames, then the frames that it interrupted */
    uint64_t handler_pc;         /* the first instruction of the signal's handler; 0: unknown */
    uint64_t interrupted_pc;     /* where a second signal came, or (of a late ending) the signal by
                                itself; 0: neither */
    bool interrupted_sleep;      /* there: in a call that sleeps */
    size_t handler_frames;       /* how many of `stuck` lie above the interrupted frame */
    /* The instructions of the handler until it returned, and of what it called: the first of them,
     * if they are many; none where the copy took two signals. */
    struct point *handler_steps;
    size_t handler_step_count;
};

/* Walks slowly to each of the points (ascending, at least one), and tells what the copy does there:
 * reproductions[i] is of points[i]. Time that is up (options->seconds) or a Ctrl-C is no error.
 * Below `owner`; -1 and *error. */
int reproduce_points(void *owner, const struct subject *subject,
                     const struct inject_options *options, const int64_t *points, size_t count,
                     struct reproduction *reproductions, struct error *error);

/* Like it, but stops the copy where the signal is about to be delivered, detaches with SIGSTOP
 * pending and leaves it to the caller, to be attached by gdb: its process, or -1 and *error. */
pid_t reproduce_for_debugger(void *owner, const struct subject *subject,
                             const struct inject_options *options, int64_t at, struct error *error);

#endif
