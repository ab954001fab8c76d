/* SPDX-License-Identifier: MIT */
#include "run/run_describe.h"

#include <string.h>
#include <talloc.h>

const char *run_describe(void *owner, const struct run_outcome *outcome) {
    switch (outcome->end) {
    case RUN_EXITED:
        if (outcome->status_hidden)
            return talloc_strdup(owner, "ended (its exit status is hidden by the tool's)");
        return talloc_asprintf(owner, "exit %d", outcome->status);
    case RUN_SIGNALED: {
        const char *name = sigabbrev_np(outcome->status);
        return name != NULL ? talloc_asprintf(owner, "killed by SIG%s", name)
                            : talloc_asprintf(owner, "killed by signal %d", outcome->status);
    }
    case RUN_STUCK:
        return talloc_asprintf(owner, "stuck: %zu thread%s blocked, nothing can wake %s",
                               outcome->threads, outcome->threads == 1 ? "" : "s",
                               outcome->threads == 1 ? "it" : "one");
    case RUN_TIME_LIMIT:
        return talloc_asprintf(owner, "still %s after %.0f s",
                               outcome->burning ? "running" : "waiting", outcome->spent);
    case RUN_OUTPUT_LIMIT:
        return talloc_strdup(owner, "printed without end: stopped at the output limit");
    case RUN_MEMORY_LIMIT:
        return talloc_strdup(owner, "stopped at the memory limit");
    case RUN_PROCESS_LIMIT:
        return talloc_strdup(owner, "forked without end: stopped at the process limit");
    case RUN_DISK_LIMIT:
        return talloc_strdup(owner, "wrote files without end: stopped at the disk limit");
    case RUN_INTERRUPTED:
        return talloc_strdup(owner, "interrupted");
    }
    return "";
}

const char *run_explain(void *owner, const struct run_outcome *outcome) {
    const char *how = run_describe(owner, outcome);
    const char *words = outcome->errors != NULL ? outcome->errors : "";
    int length = (int)strcspn(words, "\n");
    return length == 0
               ? how
               : talloc_asprintf(owner, "%s: %.*s", how, length < 200 ? length : 200, words);
}
