/* SPDX-License-Identifier: MIT */
/*
 * What a bad point is called, by what was seen of it and by nothing else: how the copy ended, in
 * whose frames it stands, what was interrupted.
 *
 *   signal-unsafe-call  the copy is stuck or dies (or never ends) in a function that the handler
 *                       called and may not call; or later, where a function that is no more allowed
 *                       in a handler was interrupted by one that does such calls
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
#include "report/report.h"

struct evidence {
    struct spots *spots;
    const struct sources *sources; /* the program's */
    int signal;
    const struct point_group *group;
    const struct point *point; /* the group's first */
    struct reproduction seen;  /* of it; without frames if there are none */
    const char *ending;        /* how the walk's copy ended */
    bool gone;                 /* tried again, the point did no harm: it proves nothing */
    bool twice;                /* it took a second signal */
    int undisturbed_status;    /* exit code of the run without a signal */
    const char *handler_call;  /* what the handler calls when it is stuck or dies, and may not
                                      call; "" if there is no such thing */
};

/* Fills `handler_call` from `seen`. */
void evidence_look(struct evidence *evidence);

/* The finding, with its locations. `unsafe_call`: what the handler may not call and was seen to call
 * at any point of the program; "" if nothing. Below `owner`. */
struct finding evidence_finding(void *owner, const struct evidence *evidence,
                                const char *unsafe_call);

/* "printf+0x1c in libc.so.6". Below `owner`. */
const char *evidence_spot_words(void *owner, const struct spot *spot);

#endif
