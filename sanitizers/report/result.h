/* SPDX-License-Identifier: MIT */
/* What one detector says of one program after all its runs. */
#ifndef HAZARD_REPORT_RESULT_H
#define HAZARD_REPORT_RESULT_H

#include <stdbool.h>

#include "report/finding.h"
#include "report/verdict.h"

struct result {
    const char *detector;
    enum verdict verdict;
    int runs;
    int hits;            /* how many of the runs came to that verdict */
    const char *detail;  /* how the runs ended, one line: "stuck: 2 threads blocked"; may be "" */
    bool conditional;    /* of `proved`: up to a bound, or under what the program assumes */
    bool program_failed; /* some run's own exit was not 0, whatever the detector said */
    struct findings findings; /* of all runs, each distinct one once */
    long long
        count; /* executions or states behind the verdict of a detector that tries them all; else 0 */
};

#endif
