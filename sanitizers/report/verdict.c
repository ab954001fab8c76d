/* SPDX-License-Identifier: MIT */
#include "report/verdict.h"

#include <string.h>

static const char *const verdict_names[VERDICT_COUNT] = {
    [VERDICT_FOUND] = "found",     [VERDICT_OTHER] = "other",
    [VERDICT_SILENT] = "silent",   [VERDICT_HUNG] = "hung",
    [VERDICT_CHANGED] = "changed", [VERDICT_PROVED] = "proved",
    [VERDICT_BOUNDED] = "bounded", [VERDICT_UNSUPPORTED] = "unsupported",
    [VERDICT_REFUTED] = "refuted", [VERDICT_DOUBTFUL] = "doubtful",
};

const char *verdict_name(enum verdict verdict) {
    return verdict_names[verdict];
}

int verdict_from_name(const char *name) {
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        if (strcmp(verdict_names[verdict], name) == 0)
            return verdict;
    return -1;
}
