/* SPDX-License-Identifier: MIT */
#include "inject/report/inject_report.h"

#include "base/memory.h"
#include "base/number.h"
#include "base/signal_name.h"
#include "inject/report/inject_advice.h"

/* ---- Counts and verdict -------------------------------------------------------------- */

void inject_report_count(struct inject_report *report) {
    const struct injection *injection = &report->injection;
    for (size_t i = 0; i < injection->point_count; i++) {
        const struct point *point = &injection->points[i];
        if ((point->flags & POINT_LEFT_OUT) != 0)
            continue;
        report->tried++;
        report->blocked += (point->flags & POINT_BLOCKED) != 0;
        report->counts[injection->endings[point->ending].kind]++;
    }
}

static enum verdict verdict_of(const struct inject_report *report) {
    const struct injection *injection = &report->injection;
    if (injection->unsupported != NULL)
        return VERDICT_UNSUPPORTED;
    if (report->findings.count > 0)
        return VERDICT_FOUND;
    if (report->tried == 0 && !injection->cut && !injection->interrupted)
        return VERDICT_UNSUPPORTED;
    int64_t bad = injection->pair_count > 0; /* but nothing that came out so again */
    for (int kind = ENDING_DEADLOCK; kind < ENDING_KINDS; kind++)
        bad += report->counts[kind];
    bool all = bad == 0 && report->tried == (int64_t)injection->point_count && !injection->cut &&
               !injection->interrupted;
    return all ? VERDICT_PROVED : VERDICT_BOUNDED;
}

/* ---- The one line -------------------------------------------------------------------- */

static const char *counted(void *owner, int64_t count, const char *one, const char *more) {
    return never_null(
        talloc_asprintf(owner, "%s %s", number_with_commas(owner, count), count == 1 ? one : more));
}

static char *add_count(void *owner, char *words, int64_t count, const char *one, const char *more) {
    if (count == 0)
        return words;
    return never_null(talloc_asprintf_append(words, ", %s", counted(owner, count, one, more)));
}

static const char *text_of(const struct injection *injection, enum ending_kind kind) {
    for (size_t i = 0; i < injection->ending_count; i++)
        if (injection->endings[i].kind == kind)
            return injection->endings[i].text;
    return "";
}

static const char *budget_words(void *owner, const struct inject_options *options,
                                const struct injection *injection) {
    if (options->points > 0 && injection->point_count >= (size_t)options->points)
        return never_null(talloc_asprintf(owner, "--points=%lld", (long long)options->points));
    return never_null(talloc_asprintf(owner, "--seconds=%g", options->seconds));
}

static bool has_note(const struct injection *injection) {
    return injection->note != NULL && *injection->note != '\0';
}

/* If most copies come out wrong, that may be what the signal is for. */
static bool mostly_wrong(const struct inject_report *report) {
    return report->counts[ENDING_WRONG] * 2 > report->tried;
}

/* What keeps a verdict from being a proof. */
static char *add_reservations(void *owner, char *words, const struct inject_report *report,
                              const struct inject_options *options) {
    const struct injection *injection = &report->injection;
    if (report->counts[ENDING_UNJUDGED] > 0)
        words = talloc_asprintf_append(words, "; %s not judged: %s",
                                       number_with_commas(owner, report->counts[ENDING_UNJUDGED]),
                                       text_of(injection, ENDING_UNJUDGED));
    if (injection->interrupted)
        words = talloc_asprintf_append(words, "; interrupted: this is not all");
    else if (injection->cut && !has_note(injection))
        words = talloc_asprintf_append(words, "; the budget ended first (%s): this is not all",
                                       budget_words(owner, options, injection));
    return words;
}

/* How the program ends without a signal, if that is not well. */
static char *add_undisturbed(char *words, const struct inject_report *report) {
    const struct run_outcome *undisturbed = &report->injection.undisturbed;
    bool exits = undisturbed->end == RUN_EXITED;
    if (undisturbed->end == RUN_SIGNALED)
        words = talloc_asprintf_append(words, "; without a signal it is killed by %s, too",
                                       signal_name(undisturbed->status));
    if (exits && undisturbed->status != 0)
        words = talloc_asprintf_append(words, "; without a signal it ends with exit %d, too",
                                       undisturbed->status);
    if (undisturbed->end == RUN_STUCK)
        words =
            talloc_asprintf_append(words, "; however late the signal comes, it never ends: it %s",
                                   report->injection.asleep);
    else if (mostly_wrong(report) && (!exits || undisturbed->status == 0))
        words = talloc_strdup_append(
            words, "; if that is what the signal is for: --allow-exit, --any-output");
    return words;
}

static char *add_pairs(void *owner, char *words, const struct injection *injection) {
    if (injection->pairs_tried == 0)
        return words;
    const char *tried = counted(owner, injection->pairs_tried, "second signal", "second signals");
    if (injection->pair_count == 0)
        return talloc_asprintf_append(words, "; %s in the handler of the first, none does harm",
                                      tried);
    return talloc_asprintf_append(words, "; %s in the handler of the first, %s do harm", tried,
                                  number_with_commas(owner, (int64_t)injection->pair_count));
}

static char *point_words(void *owner, const struct inject_report *report) {
    char *words =
        never_null(talloc_strdup(owner, counted(owner, report->tried, "point", "points")));
    if (report->blocked > 0)
        words = talloc_asprintf_append(words, " (at %s of them the signal is blocked)",
                                       number_with_commas(owner, report->blocked));
    words = add_count(owner, words, report->counts[ENDING_DEADLOCK], "deadlock", "deadlocks");
    words = add_count(owner, words, report->counts[ENDING_CRASH], "crash", "crashes");
    words = add_count(owner, words, report->counts[ENDING_WRONG], "wrong end", "wrong ends");
    return add_count(owner, words, report->counts[ENDING_RAN_AWAY], "without end", "without end");
}

static const char *detail_of(void *owner, const struct inject_report *report,
                             const struct inject_options *options, const char *differs) {
    const struct injection *injection = &report->injection;
    if (injection->unsupported != NULL)
        return injection->unsupported;
    if (report->verdict == VERDICT_UNSUPPORTED)
        return has_note(injection) ? injection->note
                                   : "there is no point at which the signal could come";
    char *words = point_words(owner, report);
    if (report->findings.count == 0 && differs == NULL)
        words = talloc_asprintf_append(words, ", none does harm");
    words = add_pairs(owner, words, injection);
    words = add_reservations(owner, words, report, options);
    words = add_undisturbed(words, report);
    if (differs != NULL)
        words = talloc_asprintf_append(words, "; %s", differs);
    if (injection->input_ended)
        words = talloc_asprintf_append(
            words, "; it met the end of standard input: --stdin FILE gives it some");
    if (has_note(injection))
        words = talloc_asprintf_append(words, "; %s", injection->note);
    return never_null(words);
}

void inject_report_conclude(void *owner, struct inject_report *report,
                            const struct inject_options *options, const char *differs) {
    report->verdict = verdict_of(report);
    report->detail = detail_of(owner, report, options, differs);
    report->next = inject_advice(report->verdict, report->detail);
}
