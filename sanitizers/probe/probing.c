/* SPDX-License-Identifier: MIT */
#include "probe/probing.h"

void probing_found(struct probing *probing, struct probe_step_report *step,
                   struct finding finding) {
    struct findings *all = &probing->report->findings;
    step->result = STEP_FAILED;
    for (size_t i = 0; i < all->count; i++)
        if (finding_same(&all->items[i], &finding, &probing->subject->sources))
            return;
    findings_add(probing->owner, all, finding);
}
