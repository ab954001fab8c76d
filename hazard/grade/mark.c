/* SPDX-License-Identifier: MIT */
#include "hazard/grade/mark.h"

const char *mark_state_name(enum mark_state state) {
    static const char *const names[MARK_STATES] = {
        [MARK_PASSED] = "passed",       [MARK_PARTIAL] = "partial", [MARK_FAILED] = "failed",
        [MARK_UNDECIDED] = "undecided", [MARK_SKIPPED] = "skipped", [MARK_BROKEN] = "broken"};
    return names[state];
}

const char *mark_end_name(enum grade_end end) {
    static const char *const names[] = {
        [GRADE_MARKED] = "marked", [GRADE_REFUSED] = "refused", [GRADE_BROKEN] = "broken"};
    return names[end];
}

bool mark_broken(const struct grade *grade) {
    bool broken = grade->end == GRADE_BROKEN;
    for (size_t i = 0; i < grade->count; i++)
        broken |= grade->marks[i].state == MARK_BROKEN;
    return broken;
}

bool mark_undecided(const struct grade *grade) {
    for (size_t i = 0; i < grade->count; i++)
        if (grade->marks[i].state == MARK_UNDECIDED)
            return true;
    return false;
}
