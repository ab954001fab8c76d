/* SPDX-License-Identifier: MIT */
#include "explore/front/outcome_verdict.h"

#include <string.h>

#include "base/memory.h"
#include "explore/front/advice.h"
#include "explore/front/assumptions.h"
#include "explore/front/detail.h"
#include "explore/front/reaching.h"
#include "explore/front/words.h"
#include "explore/search/strategies.h"
#include "run/run_describe.h"

static const char *time_over(const struct exploration *at) {
    return never_null(
        talloc_asprintf(at->owner, "its time of %g s was over", at->options->seconds));
}

static const char *reason(const struct exploration *at) {
    if (message_find(&at->shared->reason, SAY_TIME_OVER) != NULL)
        return time_over(at);
    return words_message(at->owner, at->outcome->objects, &at->shared->reason);
}

/* The end that the runtime did not come to write: a limit of ours, or a failure of its own. */
static int ended_by_run(const struct exploration *at, enum verdict *verdict, const char **why) {
    *verdict = VERDICT_BOUNDED;
    switch (at->run.end) {
    case RUN_TIME_LIMIT:
        *why = time_over(at);
        return 0;
    case RUN_MEMORY_LIMIT:
        *why = never_null(talloc_asprintf(at->owner, "the %zu MiB of memory granted were used up",
                                          at->options->memory_bytes >> 20));
        return 0;
    case RUN_INTERRUPTED:
        *why = "it was interrupted";
        return 0;
    case RUN_STUCK:
        *verdict = VERDICT_UNSUPPORTED;
        *why = "the program waits in a call of the kernel that explore does not know";
        return 0;
    case RUN_EXITED:
    case RUN_SIGNALED:
    case RUN_OUTPUT_LIMIT:
    case RUN_PROCESS_LIMIT:
    case RUN_DISK_LIMIT:
        break;
    }
    return fail(at->error, "explore itself failed: the search in %s did not come to its end: %s",
                at->subject->name, run_explain(at->owner, &at->run));
}

static int diverged(const struct exploration *at) {
    if (strcmp(at->options->strategy, "replay") == 0)
        return fail(at->error, "%s strays from the schedule: %s", at->subject->name, reason(at));
    return fail(
        at->error,
        "%s is not deterministic: %s. Under one schedule it must always do the same; the "
        "usual causes are the time of day, random numbers, addresses that decide something, "
        "memory that is never set, and files that change",
        at->subject->name, reason(at));
}

/* All executions that were tried stand for those that were not; with none there is nothing that
 * could. */
static bool tried_any(const struct exploration *at) {
    return at->shared->counts.executions > 0;
}

/* Of an exhaustive search that is over: what its proof lacks; NULL: nothing. (A shard's share may be none.) */
static const char *lack(const struct exploration *at) {
    int unaudited = at->shared->unaudited;
    if (!tried_any(at) && at->options->shards == 0)
        return at->shared->counts.assumed > 0 ? "what the program assumes held in no execution"
                                              : "no execution came to its end";
    bool by_states = explore_decided(at->options, at->shared)->states;
    if (at->options->overtaking > 0 && !by_states && at->options->shards == 0)
        return "who waits longest is seen by a search over states: --strategy=states";
    if (at->shared->values_sampled != 0)
        return "of what __VERIFIER_nondet_* may give, some values were tried: 0, 1, 2, -1, the "
               "least and the greatest";
    if (at->shared->unhooked_said != 0)
        return never_null(
            talloc_asprintf(at->owner, "%s, so what it accesses by itself is not known",
                            words_message(at->owner, at->outcome->objects, &at->shared->unhooked)));
    if (unaudited == 0)
        return NULL;
    return never_null(talloc_asprintf(
        at->owner, "%d function%s cannot be decoded, so what %s is not known", unaudited,
        unaudited == 1 ? "" : "s", unaudited == 1 ? "it accesses" : "they access"));
}

/* No proof: that takes all of them. */
static enum verdict share_done(const struct exploration *at, const char **why) {
    at->outcome->share_done = true;
    *why = "its share is done";
    return VERDICT_BOUNDED;
}

/* What came out but for findings; *why: of what is not proved. -1 and the error. */
static int read_end(const struct exploration *at, enum verdict *verdict, const char **why) {
    const struct strategy *strategy = explore_decided(at->options, at->shared);
    bool exhaustive = strategy != NULL && strategy->exhaustive;
    *why = reason(at);
    switch ((enum shared_end)at->shared->end) {
    case SHARED_RUNNING:
    case SHARED_FOUND: /* without a finding: no word that counts */
        return ended_by_run(at, verdict, why);
    case SHARED_EXHAUSTED:
        *why =
            exhaustive
                ? lack(at)
                : never_null(talloc_asprintf(at->owner, "strategy %s does not try all that differ",
                                             at->options->strategy));
        *verdict = *why == NULL ? VERDICT_PROVED : VERDICT_BOUNDED;
        if (*verdict == VERDICT_PROVED && at->options->shards > 0)
            *verdict = share_done(at, why);
        return 0;
    case SHARED_BUDGET:
        *verdict = VERDICT_BOUNDED;
        return 0;
    case SHARED_UNSUPPORTED:
        *verdict = VERDICT_UNSUPPORTED;
        return 0;
    case SHARED_DIVERGED:
        return diverged(at);
    case SHARED_FAILED:
        return fail(at->error, "explore itself failed: %s", reason(at));
    }
    return -1;
}

int outcome_verdict(const struct exploration *at) {
    struct explore_outcome *outcome = at->outcome;
    const char *why = "";
    if (reaching_check(at->shared, at->options, at->error) != 0)
        return -1;
    bool found = at->shared->finding_count > 0 && at->shared->end != SHARED_DIVERGED &&
                 at->shared->end != SHARED_FAILED;
    if (!found && read_end(at, &outcome->verdict, &why) != 0)
        return -1;
    if (found)
        outcome->verdict = VERDICT_FOUND;
    if (outcome->verdict == VERDICT_PROVED && !tried_any(at))
        return fail(at->error,
                    "explore itself failed: it would call %s proved without any execution",
                    at->subject->name);
    outcome->up_to = assumptions_reached(at->owner, outcome, at->options);
    outcome->next = advice_words(outcome, at->options, why);
    outcome->detail = detail_words(at->owner, outcome, at->options, why);
    return 0;
}
