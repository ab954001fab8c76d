/* SPDX-License-Identifier: MIT */
/* A probe under way. Each step is played against a server that has just begun to listen. */
#ifndef HAZARD_PROBE_PROBING_H
#define HAZARD_PROBE_PROBING_H

#include "probe/probe_options.h"
#include "probe/probe_report.h"
#include "probe/session.h"
#include "subject.h"

struct probing {
    void *owner; /* of all that goes into the report */
    const struct subject *subject;
    const struct probe_options *options;
    struct probe_report *report;
};

/* Plays one step, and fills `step`, apart from what the server's end says. */
typedef void probe_step_player(struct probing *probing, struct session *session,
                               struct probe_step_report *step);

/* Adds a finding, unless the same is there already. */
void probing_found(struct probing *probing, struct probe_step_report *step, struct finding finding);

#endif
