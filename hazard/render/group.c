/* SPDX-License-Identifier: MIT */
#include "hazard/render/group.h"

size_t group_end(const struct suite_report *report, size_t first) {
    size_t end = first + 1;
    const struct hazard *hazard = report->programs[first].hazard;
    while (hazard != NULL && end < report->count && report->programs[end].hazard == hazard)
        end++;
    return end;
}
