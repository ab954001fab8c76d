/* SPDX-License-Identifier: MIT */
/*
 * What a bad point is called, by what was seen of it and by nothing else: how the copy ended, in
 * whose frames it stands, what was interrupted.
 *
 *   signal-unsafe-call  the copy is stuck or dies (or never ends) in a function that the handler
 *                       called and may not call; or later, if a function that is not allowed in a
 *                       handler either was interrupted by a handler that does such calls: by what
 *                       it was seen to do, there or elsewhere
 *   lost-wakeup         outside the handler, the program sleeps for an event that has come before
 *   deadlock            any other sleep for ever
 *   crash, livelock     any other death, any other run without end
 *   api-misuse          just before and just after a sleeping system call the signal does no harm:
 *                       the program cannot take the interruption itself
 *                       (or the signal comes by itself in such a call, and the program is wrong)
 *   signal-race         the program ends, and comes out wrong
 */
#ifndef HAZARD_INJECT_REPORT_EVIDENCE_H
#define HAZARD_INJECT_REPORT_EVIDENCE_H

#include "inject/report/groups.h"
#include "inject/walk/reproduce.h"
#include "report/finding.h"

struct evidence {
    struct spots *spots;
    const struct sources *sources; /* the program's */
    int signal;
    const struct point_group *group;
    const struct point *point; /* the group's first */
    struct reproduction seen;  /* of it; without frames if there are none */
    const char *ending;        /* how the walk's copy ended */
    bool gone;                 /* the point was tried again and did no harm: it proves nothing */
    bool twice;                /* it took a second signal */
    int undisturbed_status;    /* exit code of the run without a signal... */
    const char *asleep;        /* ...or why that run never ends; else "" */
    const char *handler_call;  /* the function that the handler calls when it is stuck or dies, and
                                  may not call; "" if there is none */
    /* The first such call that it was seen to make, where the program is stuck or dies when the
     * handler has returned; "" if there is none. */
    const char *handler_called;
};

/* Fills `handler_call` and `handler_called` from `seen`. */
void evidence_look(struct evidence *evidence);

/* The finding, with its locations. `unsafe_call`: the function that the handler was seen to call at
 * some point of the program, and may not call; "" if there is none. Below `owner`. */
struct finding evidence_finding(void *owner, const struct evidence *evidence,
                                const char *unsafe_call);

/* "printf+0x1c in libc.so.6". Below `owner`. */
const char *evidence_spot_words(void *owner, const struct spot *spot);

#endif
