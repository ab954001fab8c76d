/* SPDX-License-Identifier: MIT */
/*
 * A proof holds under assumptions, and a reader must see them beside it: how often a wait may wake
 * for nothing, which atomics were taken for stronger than they are, which calls nobody knows.
 */
#include "explore/front/detail.h"

#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "explore/front/objects.h"

static char *plural(void *owner, int64_t count, const char *one, const char *more) {
    return never_null(
        talloc_asprintf(owner, "%s %s", number_with_commas(owner, count), count == 1 ? one : more));
}

/* ", in 12 seconds" is none of it: two runs of the same command say the same. */
static char *effort(void *owner, const struct explore_outcome *outcome) {
    char *words = plural(owner, outcome->executions, "execution", "executions");
    if (outcome->blocked > 0)
        words = never_null(talloc_asprintf_append(words, " (and %s given up as redundant)",
                                                  number_with_commas(owner, outcome->blocked)));
    return words;
}

static char *add_spurious(char *words, int spurious) {
    if (spurious == 0)
        return never_null(talloc_asprintf_append(words, "; no wait wakes up for nothing"));
    if (spurious == 1)
        return never_null(
            talloc_asprintf_append(words, "; every thread may wake up once for nothing"));
    return never_null(
        talloc_asprintf_append(words, "; every thread may wake up %d times for nothing", spurious));
}

static char *add_unknown(char *words, const struct shared *shared) {
    if (shared->unknown_count == 0)
        return words;
    words = never_null(talloc_asprintf_append(words, "; calls not modelled: "));
    for (int i = 0; i < shared->unknown_count; i++)
        words = never_null(
            talloc_asprintf_append(words, "%s%s", i > 0 ? ", " : "", shared->unknown[i]));
    return never_null(
        talloc_asprintf_append(words, " (followed, and taken as conflicting with everything)"));
}

static int unseen_count(const struct shared *shared) {
    int count = 0;
    while (count < SHARED_UNSEEN && shared->unseen[count] != 0)
        count++;
    return count;
}

/* " at seat.c:31"; "" if the program's debug information does not tell. */
static char *add_unseen(char *words, const struct explore_outcome *outcome, int index) {
    struct symbols *symbols = objects_symbols(outcome->objects);
    struct frame frame = symbols_frame(symbols, outcome->shared->unseen[index] + 1);
    if (frame.file == NULL)
        return words;
    const char *slash = strrchr(frame.file, '/');
    return never_null(talloc_asprintf_append(words, "%s%s:%d", index > 0 ? ", " : " at ",
                                             slash != NULL ? slash + 1 : frame.file, frame.line));
}

static char *add_audit(char *words, const struct explore_outcome *outcome) {
    int count = unseen_count(outcome->shared);
    if (outcome->shared->audited == 0)
        return never_null(talloc_asprintf_append(words, "; not audited"));
    words = never_null(talloc_asprintf_append(words, "; audited: all code that ran"));
    if (count == 0)
        return words;
    words = never_null(talloc_asprintf_append(words, ", of it %d access%s without a hook", count,
                                              count == 1 ? "" : "es"));
    for (int i = 0; i < count; i++)
        words = add_unseen(words, outcome, i);
    return words;
}

/* What a verdict without a finding takes for granted. */
static char *add_assumptions(char *words, const struct explore_outcome *outcome,
                             const struct explore_options *options) {
    const struct shared *shared = outcome->shared;
    words = add_spurious(words, options->spurious);
    if (shared->weak_atomics > 0)
        words = never_null(talloc_asprintf_append(
            words, "; under sequential consistency (%lld weaker atomic%s seen as seq_cst)",
            (long long)shared->weak_atomics, shared->weak_atomics == 1 ? "" : "s"));
    if (options->races == RACES_IGNORE)
        words = never_null(talloc_asprintf_append(words, "; data races are not judged"));
    if (shared->overtaken > 0 && outcome->verdict == VERDICT_PROVED)
        words = never_null(talloc_asprintf_append(
            words, "; whoever waits is overtaken at most %lld time%s", (long long)shared->overtaken,
            shared->overtaken == 1 ? "" : "s"));
    return add_audit(add_unknown(words, shared), outcome);
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

const char *detail_words(void *owner, const struct explore_outcome *outcome,
                         const struct explore_options *options, const char *why) {
    char *words = effort(owner, outcome);
    switch (outcome->verdict) {
    case VERDICT_FOUND:
        return never_null(talloc_asprintf(owner, "after %s", words));
    case VERDICT_PROVED:
        return add_assumptions(words, outcome, options);
    case VERDICT_BOUNDED:
        words = never_null(talloc_asprintf_append(words, ", none fails; %s", why));
        return add_assumptions(words, outcome, options);
    case VERDICT_UNSUPPORTED:
        return never_null(talloc_asprintf(owner, "%s%s", why, reason_place(owner, outcome)));
    case VERDICT_OTHER:
    case VERDICT_SILENT:
    case VERDICT_HUNG:
    case VERDICT_CHANGED:
    case VERDICT_COUNT:
        break;
    }
    return words;
}
