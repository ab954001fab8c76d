/* SPDX-License-Identifier: MIT */
/* From a figure that grows to the line of the server that makes it grow. */
#ifndef HAZARD_PROBE_CULPRIT_H
#define HAZARD_PROBE_CULPRIT_H

#include "probe/figures.h"
#include "probe/session.h"
#include "report/finding.h"

/*
 * What the tracer saw being created since it last forgot, and what of it is still there in the
 * session's latest look; NULL if nothing fits. The samples say how fast it grew.
 */
const struct trace_event *culprit_find(const struct session *session, enum leak leak,
                                       const struct probe_figures *first,
                                       const struct probe_figures *last);

/* The finding for a leak. `event` may be NULL: then `excuse` says why there is no line. */
struct finding culprit_finding(void *owner, const struct session *session, enum leak leak,
                               const struct probe_figures *first, const struct probe_figures *last,
                               const struct trace_event *event, const char *excuse);

#endif
