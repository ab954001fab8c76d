/* SPDX-License-Identifier: MIT */
/*
 * A run that is stuck under a tool that said nothing of it: is it a deadlock, and whose?
 *
 * A deadlock are threads that wait for each other in a circle (for a mutex, or for an end), whatever
 * the others do; or all threads, if none of them sleeps in anything that could be ended from
 * outside. The rest is left alone: a program that waits for a client, a signal, or a terminal.
 */
#ifndef HAZARD_HANG_HANG_H
#define HAZARD_HANG_HANG_H

#include "report/finding.h"
#include "run/rest.h"
#include "subject.h"

struct hang {
    void *owner; /* of all that is found */
    const struct subject *subject;
    enum rest_tool tool;
    bool found;             /* it is a deadlock: `finding` */
    struct finding finding; /* a location for each thread; those beside a circle are context */
    const char *doubt;      /* why it need not be one; NULL: it is one, or nobody looked */
};

/* For the `look` of struct run_spec; `hang` is a struct hang. */
void hang_look(void *hang, pid_t root, const struct proc_tree *tree);

#endif
