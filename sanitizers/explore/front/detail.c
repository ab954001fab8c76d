/* SPDX-License-Identifier: MIT */
#include "explore/front/detail.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "explore/front/assumptions.h"
#include "explore/front/objects.h"
#include "explore/front/reaching.h"

static char *plural(void *owner, int64_t count, const char *one, const char *more) {
    return never_null(
        talloc_asprintf(owner, "%s %s", number_with_commas(owner, count), count == 1 ? one : more));
}

/* ", in 12 seconds" is none of it: two runs of the same command say the same. */
static char *effort(void *owner, const struct explore_outcome *outcome) {
    if (outcome->states > 0)
        return never_null(talloc_asprintf(owner, "%s, %s",
                                          plural(owner, outcome->states, "state", "states"),
                                          plural(owner, outcome->state_steps, "step", "steps")));
    char *words = plural(owner, outcome->executions, "execution", "executions");
    if (outcome->blocked > 0)
        words = never_null(talloc_asprintf_append(words, " (and %s given up as redundant)",
                                                  number_with_commas(owner, outcome->blocked)));
    return words;
}

/* What a verdict without a finding takes for granted, but for what it begins with. */
static char *add_assumptions(char *words, const struct explore_outcome *outcome,
                             const struct explore_options *options) {
    struct assumption list[ASSUMPTIONS];
    int count = assumptions_list(words, outcome, options, list);
    for (int i = 0; i < count; i++)
        if (!list[i].reached)
            words = never_null(talloc_asprintf_append(words, "; %s", list[i].words));
    return words;
}

/* " at seat.c:31"; "" if the runtime did not say where. */
static const char *reason_place(void *owner, const struct explore_outcome *outcome) {
    struct frame frame =
        symbols_frame(objects_symbols(outcome->objects), outcome->shared->reason_pc);
    if (outcome->shared->reason_pc == 0 || frame.file == NULL)
        return "";
    const char *slash = strrchr(frame.file, '/');
    return never_null(
        talloc_asprintf(owner, ", at %s:%d", slash != NULL ? slash + 1 : frame.file, frame.line));
}

/* What it would have done with some input, nobody has seen. */
static const char *input_words(const struct explore_outcome *outcome) {
    return outcome->shared->input_ended != 0 ? "; " ASSUMPTIONS_INPUT : "";
}

static const char *tried_words(const struct explore_outcome *outcome,
                               const struct explore_options *options) {
    if (!options->keep_going)
        return "";
    return outcome->shared->complete ? "; all that differ were tried"
                                     : "; not all that differ were tried";
}

static const char *whole_words(void *owner, const struct explore_outcome *outcome,
                               const struct explore_options *options, const char *why) {
    char *words = effort(owner, outcome);
    switch (outcome->verdict) {
    case VERDICT_FOUND:
        return never_null(talloc_asprintf(owner, "after %s%s%s", words,
                                          tried_words(outcome, options), input_words(outcome)));
    case VERDICT_PROVED:
        if (options->reach != NULL)
            words = never_null(
                talloc_asprintf(owner, "no schedule comes to `%s`: %s", options->reach, words));
        words = add_assumptions(words, outcome, options);
        return never_null(talloc_asprintf_append(words, "%s", reaching_labels(words, outcome)));
    case VERDICT_BOUNDED:
        words = never_null(
            talloc_asprintf_append(words, ", none fails; %s%s", why, reason_place(words, outcome)));
        words = add_assumptions(words, outcome, options);
        return never_null(talloc_asprintf_append(words, "%s", reaching_labels(words, outcome)));
    case VERDICT_UNSUPPORTED:
        return never_null(talloc_asprintf(owner, "%s%s%s", why, reason_place(owner, outcome),
                                          input_words(outcome)));
    case VERDICT_OTHER:
    case VERDICT_SILENT:
    case VERDICT_HUNG:
    case VERDICT_CHANGED:
    case VERDICT_REFUTED:
    case VERDICT_DOUBTFUL:
    case VERDICT_COUNT:
        break;
    }
    return words;
}

const char *detail_words(void *owner, const struct explore_outcome *outcome,
                         const struct explore_options *options, const char *why) {
    const char *words = whole_words(owner, outcome, options, why);
    return options->shards == 0
               ? words
               : never_null(talloc_asprintf(owner, "shard %d of %d: %s", options->shard,
                                            options->shards, words));
}
