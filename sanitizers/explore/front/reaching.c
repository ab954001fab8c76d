/* SPDX-License-Identifier: MIT */
#include "explore/front/reaching.h"

#include <string.h>

#include "base/memory.h"

/* With --keep-going there may be others, which are failures. */
static bool is_all(const struct findings *findings) {
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].kind != KIND_REACHED)
            return false;
    return findings->count > 0;
}

enum reaching reaching_of(const struct explore_outcome *outcome,
                          const struct explore_options *options) {
    if (options->reach == NULL)
        return REACHING_NOT;
    if (outcome->verdict == VERDICT_PROVED)
        return REACHING_UNREACHED;
    return outcome->verdict == VERDICT_FOUND && is_all(&outcome->findings) ? REACHING_REACHED
                                                                           : REACHING_NOT;
}

const char *reaching_verdict(const struct explore_outcome *outcome,
                             const struct explore_options *options) {
    switch (reaching_of(outcome, options)) {
    case REACHING_REACHED:
        return "reached";
    case REACHING_UNREACHED:
        return "unreached";
    case REACHING_NOT:
        break;
    }
    return verdict_name(outcome->verdict);
}

static char *add_name(char *words, const char *name) {
    return never_null(talloc_asprintf_append(words, "%s`%s`", *words != '\0' ? ", " : "", name));
}

/* Of those that were reached, or were not. */
static const char *names(void *owner, const struct shared *shared, bool reached) {
    char *words = never_null(talloc_strdup(owner, ""));
    for (int i = 0; i < shared->label_count; i++)
        if ((shared->labels[i].reached != 0) == reached)
            words = add_name(words, shared->labels[i].name);
    return words;
}

int reaching_check(const struct shared *shared, const struct explore_options *options,
                   struct error *error) {
    if (options->reach == NULL)
        return 0;
    char *known = never_null(talloc_strdup(NULL, ""));
    for (int i = 0; i < shared->label_count; i++) {
        if (strcmp(shared->labels[i].name, options->reach) == 0) {
            talloc_free(known);
            return 0;
        }
        known = add_name(known, shared->labels[i].name);
    }
    fail(error, "--reach=%s: the program has no hazard_reach(\"%s\")%s%s", options->reach,
         options->reach, *known != '\0' ? "; it has " : "", known);
    talloc_free(known);
    return -1;
}

const char *reaching_labels(void *owner, const struct explore_outcome *outcome) {
    const struct shared *shared = outcome->shared;
    const char *there = names(owner, shared, true), *never = names(owner, shared, false);
    const char *how = outcome->verdict == VERDICT_PROVED ? "never reached" : "not reached so far";
    if (shared->label_count == 0)
        return "";
    if (*there == '\0' || *never == '\0')
        return never_null(talloc_asprintf(owner, "; %s: %s", *never == '\0' ? "reached" : how,
                                          *never == '\0' ? there : never));
    return never_null(talloc_asprintf(owner, "; reached: %s; %s: %s", there, how, never));
}
