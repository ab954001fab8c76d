/* SPDX-License-Identifier: MIT */
/*
 * From the raw walk to a report: symbols, calls, groups, then one bad point of each group once more
 * with stacks, by which it is called what it is.
 */
#include "inject/report/inject.h"

#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/number.h"
#include "inject/report/causes.h"
#include "inject/report/evidence.h"
#include "inject/report/groups.h"
#include "inject/report/library_calls.h"
#include "inject/report/windows.h"
#include "inject/walk/reproduce.h"

/* More stacks do not help to understand a program that is wrong in many ways. */
enum { MOST_STACKS = 24 };

struct analysis {
    void *owner;
    const struct subject *subject;
    const struct inject_options *options;
    double started; /* the walk, on clock_seconds */
    struct inject_report *report;
    struct spots *spots;
    struct library_calls calls;
    struct point_groups groups;
    struct evidence *evidence; /* one for each group */
    const char *unsafe_call;   /* the first that a handler was seen to make; "" */
    const char *differs;       /* a point that came out in another way when tried again; NULL */
};

/* ---- Findings ------------------------------------------------------------------------ */

static const struct ending *ending_of(const struct analysis *analysis,
                                      const struct point_group *group) {
    return &analysis->report->injection.endings[group->ending];
}

/* The numbers of the groups that get a stack, in the order of the walk; of those with only one signal.
 * It is seen best what is wrong where the copy is stuck, then where it dies. */
static size_t choose_groups(const struct analysis *analysis, size_t chosen[MOST_STACKS]) {
    size_t count = 0, all = analysis->groups.count;
    bool *taken = new_array(analysis->owner, bool, all + 1);
    for (int kind = ENDING_WELL; kind < ENDING_KINDS; kind++)
        for (size_t i = 0; i < all && count < MOST_STACKS; i++) {
            const struct point_group *group = &analysis->groups.items[i];
            if (group->second >= 0 || (int)ending_of(analysis, group)->kind != kind)
                continue;
            taken[i] = true;
            count++;
        }
    count = 0;
    for (size_t i = 0; i < all; i++)
        if (taken[i])
            chosen[count++] = i;
    return count;
}

/* What was seen of the group's first point now, and in the walk. */
static void compare(struct analysis *analysis, size_t index, const struct reproduction *seen) {
    const struct point_group *group = &analysis->groups.items[index];
    struct evidence *evidence = &analysis->evidence[index];
    if (!seen->tried)
        return;
    if (seen->ending.kind == ending_of(analysis, group)->kind) {
        evidence->seen = *seen;
        return;
    }
    evidence->gone = seen->ending.kind == ENDING_WELL;
    if (analysis->differs == NULL)
        analysis->differs = never_null(talloc_asprintf(
            analysis->owner, "point %s came out in another way when it was tried again: %s",
            number_with_commas(analysis->owner, group->injected.at),
            seen->ending.kind == ENDING_WELL ? "well" : seen->ending.text));
}

/* The options of a second look, which has the time that is left. False if there is none, or the
 * user wants no more. */
static bool look_again(const struct analysis *analysis, struct inject_options *options) {
    *options = *analysis->options;
    if (analysis->report->injection.interrupted || run_interrupted())
        return false;
    options->seconds -= options->seconds > 0 ? clock_seconds() - analysis->started : 0;
    return analysis->options->seconds <= 0 || options->seconds > 0;
}

/* One walk for all of them. */
static int reproduce_groups(struct analysis *analysis, struct error *error) {
    size_t chosen[MOST_STACKS], count = choose_groups(analysis, chosen);
    int64_t points[MOST_STACKS];
    struct reproduction seen[MOST_STACKS];
    struct inject_options options;
    for (size_t i = 0; i < count; i++)
        points[i] = analysis->groups.items[chosen[i]].injected.at;
    if (count == 0 || !look_again(analysis, &options))
        return 0;
    if (reproduce_points(analysis->owner, analysis->subject, &options, points, count, seen,
                         error) != 0)
        return run_interrupted() ? 0 : -1;
    for (size_t i = 0; i < count; i++)
        compare(analysis, chosen[i], &seen[i]);
    return 0;
}

/* Each of those that take a second signal has a walk of its own. */
static int reproduce_seconds(struct analysis *analysis, struct error *error) {
    for (size_t i = 0; i < analysis->groups.count && i < MOST_STACKS; i++) {
        const struct point_group *group = &analysis->groups.items[i];
        struct reproduction seen;
        struct inject_options options;
        if (group->second < 0 || !look_again(analysis, &options))
            continue;
        options.second = group->second;
        if (reproduce_points(analysis->owner, analysis->subject, &options, &group->injected.at, 1,
                             &seen, error) != 0)
            return run_interrupted() ? 0 : -1;
        compare(analysis, i, &seen);
    }
    return 0;
}

/* That in which a handler was stuck or died, if there is one, tells more than what others came well
 * through. */
static void look_for_unsafe_call(struct analysis *analysis) {
    const char *called = "";
    for (size_t i = 0; i < analysis->groups.count; i++) {
        struct evidence *evidence = &analysis->evidence[i];
        evidence_look(evidence);
        if (*analysis->unsafe_call == '\0')
            analysis->unsafe_call = evidence->handler_call;
        if (*called == '\0')
            called = evidence->handler_called;
    }
    if (*analysis->unsafe_call == '\0')
        analysis->unsafe_call = called;
}

static int gather(struct analysis *analysis, struct error *error) {
    const struct injection *injection = &analysis->report->injection;
    size_t count = analysis->groups.count;
    analysis->evidence = new_array(analysis->owner, struct evidence, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct point_group *group = &analysis->groups.items[i];
        struct evidence *evidence = &analysis->evidence[i];
        *evidence = (struct evidence){.spots = analysis->spots,
                                      .sources = &analysis->report->sources,
                                      .signal = analysis->options->signal,
                                      .twice = group->second >= 0 || analysis->options->second >= 0,
                                      .undisturbed_status = injection->undisturbed.status,
                                      .asleep = injection->asleep,
                                      .group = group,
                                      .point = &injection->points[group->injected.at],
                                      .seen.ending = *ending_of(analysis, group),
                                      .ending = ending_of(analysis, group)->text};
    }
    if (reproduce_groups(analysis, error) != 0 || reproduce_seconds(analysis, error) != 0)
        return -1;
    look_for_unsafe_call(analysis);
    return 0;
}

/* A finding with the same words at the same lines of the program: what was interrupted may lie in
 * different functions that were called from there. NULL if there is none. */
static struct injected_finding *find_like(const struct analysis *analysis,
                                          const struct finding *finding) {
    const struct inject_report *report = analysis->report;
    for (size_t i = 0; i < report->findings.count; i++)
        if (finding_same(&report->findings.items[i], finding, &report->sources) &&
            strcmp(report->findings.items[i].message, finding->message) == 0)
            return &report->injected[i];
    return NULL;
}

/* Or one that goes on there. */
static struct injected_finding *find_window(struct analysis *analysis, struct finding *finding,
                                            const struct injected_finding *fresh) {
    struct inject_report *report = analysis->report;
    for (size_t i = 0; i < report->findings.count; i++) {
        struct finding *before = &report->findings.items[i];
        if (!windows_meet((struct window){before, &report->injected[i]},
                          (struct window){finding, fresh}, &report->injection, &report->sources))
            continue;
        windows_join(analysis->owner, before, finding, &report->sources);
        return &report->injected[i];
    }
    return NULL;
}

static void report_findings(struct analysis *analysis) {
    struct inject_report *report = analysis->report;
    void *owner = analysis->owner;
    report->injected = new_array(owner, struct injected_finding, analysis->groups.count + 1);
    for (size_t i = 0; i < analysis->groups.count; i++) {
        if (analysis->evidence[i].gone)
            continue;
        const struct injected_finding *fresh = &analysis->groups.items[i].injected;
        struct finding finding =
            evidence_finding(owner, &analysis->evidence[i], analysis->unsafe_call);
        struct injected_finding *like = find_like(analysis, &finding);
        if (like != NULL) {
            injected_join(owner, like, fresh);
            continue;
        }
        like = find_window(analysis, &finding, fresh);
        if (like != NULL) {
            injected_join(owner, like, fresh);
            injected_close_gaps(like);
            continue;
        }
        report->injected[report->findings.count] = *fresh;
        findings_add(owner, &report->findings, finding);
    }
    causes_join(owner, report);
    for (size_t i = 0; i < report->findings.count; i++) {
        struct injected_finding *injected = &report->injected[i];
        if (analysis->options->at >= 0)
            injected->share_count = 0; /* the walk ends there, amid the call */
        injected->share = injected_share_words(owner, injected->shares, injected->share_count);
        injected->everywhere = injected->second < 0 && injected->points == report->tried;
    }
}

static int analyse(struct analysis *analysis, struct error *error) {
    struct inject_report *report = analysis->report;
    const struct injection *injection = &report->injection;
    int64_t asked = analysis->options->at;
    analysis->spots = spots_open(analysis->owner, analysis->subject->binary, injection->maps,
                                 injection->map_count, error);
    if (analysis->spots == NULL)
        return -1;
    if (report->sources.count == 0)
        report->sources = spots_sources(analysis->spots);
    analysis->calls = library_calls_find(analysis->owner, analysis->spots, injection);
    analysis->groups = groups_find(analysis->owner, analysis->spots, injection, &analysis->calls);
    if (asked >= 0 && asked < (int64_t)injection->point_count) {
        uint64_t own = library_calls_own_pc(&analysis->calls, injection, (size_t)asked);
        report->asked = spots_at(analysis->spots, injection->points[asked].pc);
        if (own != 0)
            report->asked.file = spots_at(analysis->spots, own).file;
        if (own != 0)
            report->asked.line = spots_at(analysis->spots, own).line;
    }
    if (gather(analysis, error) != 0)
        return -1;
    report_findings(analysis);
    return 0;
}

int inject_run(void *owner, const struct subject *subject, const struct inject_options *options,
               engine_progress progress, void *data, struct inject_report *report,
               struct error *error) {
    struct inject_options checked = *options;
    *report = (struct inject_report){.sources = subject->sources, .detail = ""};
    struct analysis analysis = {.owner = owner,
                                .subject = subject,
                                .options = &checked,
                                .started = clock_seconds(),
                                .report = report,
                                .unsafe_call = ""};
    if (inject_options_check(&checked, error) != 0 ||
        engine_walk(owner, subject, &checked, progress, data, &report->injection, error) != 0)
        return -1;
    inject_report_count(report);
    report->injection.input_ended &= subject->surroundings.input == NULL;
    if (report->injection.unsupported == NULL && analyse(&analysis, error) != 0)
        return -1;
    if (checked.at >= 0 && report->tried == 0 && report->injection.unsupported == NULL &&
        report->injection.point_count > 0)
        return fail(error, "there is no point %lld to be tried: the walk has 0 to %zu",
                    (long long)checked.at, report->injection.point_count - 1);
    inject_report_conclude(owner, report, &checked, analysis.differs);
    return 0;
}
