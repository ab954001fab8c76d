/* SPDX-License-Identifier: MIT */
#include "inject/report/inject_advice.h"

#include <string.h>

/* The first whose words stand in the verdict's. */
static const struct advice_row {
    const char *says, *advice;
} rows[] = {
    {"starts a thread", "hazard explore tries the schedules of threads, hazard check watches them"},
    {"no handler for", "name a signal that it handles: --signal=INT, ALRM, USR1..., --child-exit"},
    {"takes an address",
     "hazard probe asks a server, hazard check --server lets clients talk to it"},
    {"talks to others", "hazard check --server lets clients talk to it under the other detectors"},
    {"does not end by itself",
     "let it end after a few rounds, or give it input that ends: --stdin FILE"},
    {"waits for ever",
     "let the program itself send what it waits for (kill, alarm, a child), or give it "
     "input that ends: --stdin FILE"},
    {"opens ", "let it write to standard output or /dev/null in place of that file"},
    {"writes to ", "let it write to standard output or /dev/null in place of that file"},
    {"runs on processor time",
     "alarm and ITIMER_REAL are known, as timers that fire once the program rests"},
    {"(timer_create)", "alarm and setitimer are known"},
    {"(timerfd_create)", "alarm and setitimer are known"},
    {"the budget ended first",
     "--until=FUNCTION ends the walk sooner; --points=N and --seconds=N allow more"},
    {"not judged", "the other points were judged and do no harm; --at=K tries one alone"},
};

const char *inject_advice(enum verdict verdict, const char *detail) {
    if (verdict != VERDICT_BOUNDED && verdict != VERDICT_UNSUPPORTED)
        return "";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strstr(detail, rows[i].says) != NULL)
            return rows[i].advice;
    return verdict == VERDICT_UNSUPPORTED
               ? "hazard check tries it under the detectors that take it"
               : "--from=FUNCTION and --until=FUNCTION walk a part of it alone";
}
