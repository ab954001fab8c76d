/* SPDX-License-Identifier: MIT */
/*
 * Who is right, where detectors disagree. What explore proves it has tried in every execution that a third-party
 * tool can have seen, so that tool's report is a false alarm: docs/false-alarms.md argues it, kind by kind.
 */
#ifndef HAZARD_SUITE_ARBITRATE_H
#define HAZARD_SUITE_ARBITRATE_H

#include "hazard/result.h"

/*
 * Of the user's own programs (of the suite the catalogue knows what is false): a report of a kind that a proof covers is
 * refuted, and says so in its `doubt`. A cell without any finding that stands is `refuted`, or `doubtful` if some are only
 * known false alarms (known_alarms.h). A proof that is conditional (report/result.h) refutes nothing.
 */
void arbitrate(void *owner, struct suite_report *report);

/* What a proof says against such a finding of that detector ("no schedule has a data race"); NULL: nothing. */
const char *arbitrate_refutes(const char *detector, const struct finding *finding);

#endif
