/* SPDX-License-Identifier: MIT */
#include "hazard/detectors.h"

#include <string.h>

#include "explore/front/explore_detector.h"
#include "inject/report/inject_detector.h"
#include "probe/probe_detector.h"
#include "tsan/tsan.h"
#include "valgrind/valgrind.h"

const struct detector *const detectors[] = {
    &tsan_detector,  &tsan_gcc_detector, &valgrind_helgrind, &valgrind_drd,
    &probe_detector, &explore_detector,  &inject_detector,   NULL};

const struct detector *detectors_find(const char *name) {
    for (const struct detector *const *d = detectors; *d != NULL; d++)
        if (strcmp((*d)->name, name) == 0)
            return *d;
    return NULL;
}
