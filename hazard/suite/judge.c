/* SPDX-License-Identifier: MIT */
#include "hazard/suite/judge.h"

#include <signal.h>

#include "base/memory.h"
#include "report/severity.h"
#include "run/run_describe.h"

/* A racy loop reports the same few lines again and again; more than this helps nobody. */
#define FINDINGS_KEPT 20

static bool has_kind(const struct findings *findings, enum kind kind) {
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].kind == kind)
            return true;
    return false;
}

/* Told behind how the run ended. */
static void add_detail(void *owner, struct run_report *report, const char *words) {
    const char *before =
        report->detail != NULL ? report->detail : run_describe(owner, &report->outcome);
    report->detail = never_null(talloc_asprintf(owner, "%s; %s", before, words));
}

/* SIGTERM is how we end a server. */
static bool was_killed(const struct charge *charge, const struct run_outcome *outcome) {
    return outcome->end == RUN_SIGNALED && !(charge->server && outcome->status == SIGTERM);
}

/* What the run shows without any tool. */
static void add_own_findings(void *owner, const struct charge *charge, struct run_report *report) {
    const struct run_outcome *outcome = &report->outcome;
    bool killed = was_killed(charge, outcome);
    if (killed && !has_kind(&report->findings, KIND_CRASH))
        findings_add(owner, &report->findings,
                     (struct finding){.kind = KIND_CRASH, .message = run_describe(owner, outcome)});
    if (charge->must_succeed && outcome->end == RUN_EXITED && outcome->status != 0 &&
        !outcome->status_hidden)
        findings_add(owner, &report->findings,
                     (struct finding){
                         .kind = KIND_EXIT,
                         .message = talloc_asprintf(owner, "the program says that it failed: %s",
                                                    run_describe(owner, outcome))});
}

/*
 * A run that got stuck. In the suite the column is the tool's own word, and `hung` says that it had none; in a
 * program of the user's a deadlock is a finding, whoever saw it.
 */
static void add_deadlock(void *owner, const struct charge *charge, struct run_report *report) {
    if (charge->kind >= 0)
        return;
    if (report->deadlock != NULL)
        findings_add(owner, &report->findings, *report->deadlock);
    else if (report->no_deadlock != NULL)
        add_detail(owner, report, report->no_deadlock);
}

/* Where nothing was planted: what is a matter of taste fails no program, and is told beside the verdict. */
static void set_warnings_aside(void *owner, struct run_report *report) {
    static const struct severities severities = SEVERITIES_DEFAULT;
    struct findings *all = &report->findings;
    size_t kept = 0;
    for (size_t i = 0; i < all->count; i++) {
        const struct finding *finding = &all->items[i];
        if (severities.of[finding->kind] == SEVERITY_ERROR) {
            all->items[kept++] = *finding;
            continue;
        }
        add_detail(
            owner, report,
            talloc_asprintf(owner, "warning: %s: %s", kind_name(finding->kind), finding->message));
    }
    all->count = kept;
}

/* What of the tool's report could not be read: alone it is no silence, beside findings it is told. */
static void tell_gap(void *owner, struct run_report *report) {
    if (report->gap == NULL || report->unsupported != NULL)
        return;
    if (report->findings.count == 0) {
        report->unsupported = report->gap;
        return;
    }
    add_detail(owner, report, report->gap);
}

static bool is_planted(const struct charge *charge, const struct finding *finding) {
    return (int)finding->kind == charge->kind &&
           marks_match(charge->marks, finding, charge->sources,
                       charge->whole_stacks ? MARK_ANY_FRAME : MARK_INNERMOST) != NULL;
}

enum verdict judge_run(void *owner, const struct charge *charge, struct run_report *report) {
    if (charge->kind < 0 && !report->sorted)
        set_warnings_aside(owner, report);
    /* First: a server that crashes before it listens has crashed. */
    if (report->unsupported == NULL)
        add_own_findings(owner, charge, report);
    if (report->unsupported == NULL)
        add_deadlock(owner, charge, report);
    tell_gap(owner, report);
    if (report->outcome.never_listened && report->findings.count == 0 &&
        report->unsupported == NULL)
        report->unsupported =
            talloc_asprintf(owner, "it never listened, so no client could talk to it (%s)",
                            run_explain(owner, &report->outcome));
    if (report->unsupported != NULL)
        return VERDICT_UNSUPPORTED;
    const struct findings *findings = &report->findings;
    if (findings->count > 0 && charge->kind < 0)
        return VERDICT_FOUND;
    for (size_t i = 0; i < findings->count; i++)
        if (is_planted(charge, &findings->items[i]))
            return VERDICT_FOUND;
    if (findings->count > 0)
        return VERDICT_OTHER;
    if (report->verdict != 0)
        return report->verdict;
    return report->outcome.end == RUN_EXITED || report->outcome.end == RUN_SIGNALED ? VERDICT_SILENT
                                                                                    : VERDICT_HUNG;
}

/* One run that found it weighs more than any number that did not. */
static int weight(enum verdict verdict) {
    switch (verdict) {
    case VERDICT_FOUND:
        return 5;
    case VERDICT_OTHER:
        return 4;
    case VERDICT_UNSUPPORTED:
        return 3;
    case VERDICT_HUNG:
    case VERDICT_CHANGED:
        return 2;
    case VERDICT_BOUNDED:
    case VERDICT_SILENT:
        return 1;
    case VERDICT_REFUTED: /* comes after all runs: arbitrate.h */
    case VERDICT_DOUBTFUL:
    case VERDICT_PROVED: /* of every execution, so a run that fell short of that takes it back */
    case VERDICT_COUNT:
        break;
    }
    return 0;
}

/* The one to be told, of two that repeat each other: what was planted, else what writes, else the
 * first line. */
static bool goes_first(const struct charge *charge, const struct finding *a,
                       const struct finding *b) {
    bool planted = is_planted(charge, a);
    if (planted != is_planted(charge, b))
        return planted;
    if (a->writes != b->writes)
        return a->writes;
    return finding_place(a, charge->sources)->line < finding_place(b, charge->sources)->line;
}

static void join(void *owner, const struct charge *charge, struct finding *kept,
                 struct finding fresh) {
    struct finding other = fresh;
    if (goes_first(charge, &fresh, kept)) {
        other = *kept;
        *kept = fresh;
    }
    finding_add_further(owner, kept, &other, charge->sources);
}

/* Is it among them already, or joined to one that it repeats? */
static bool is_known(void *owner, const struct charge *charge, struct findings *kept,
                     const struct finding *fresh) {
    for (size_t i = 0; i < kept->count; i++) {
        if (!finding_same(&kept->items[i], fresh, charge->sources))
            continue;
        kept->items[i].writes |= fresh->writes;
        return true;
    }
    for (size_t i = 0; i < kept->count; i++) {
        if (!finding_repeats(&kept->items[i], fresh, charge->sources))
            continue;
        join(owner, charge, &kept->items[i], *fresh);
        return true;
    }
    return false;
}

static void keep_findings(void *owner, const struct charge *charge, struct findings *kept,
                          const struct findings *fresh) {
    for (size_t i = 0; i < fresh->count; i++)
        /* The planted one must not drown in a flood of others. */
        if (!is_known(owner, charge, kept, &fresh->items[i]) &&
            (kept->count < FINDINGS_KEPT || is_planted(charge, &fresh->items[i])))
            findings_add(owner, kept, fresh->items[i]);
}

void judge_add(void *owner, const struct charge *charge, struct result *result,
               enum verdict verdict, const struct run_report *report) {
    bool first = result->runs == 0;
    result->runs++;
    if (first || weight(verdict) > weight(result->verdict)) {
        result->verdict = verdict;
        result->hits = 0;
        result->count = report->count;
        result->conditional = report->conditional;
        result->detail = report->unsupported != NULL ? report->unsupported
                         : report->detail != NULL    ? report->detail
                                                     : run_describe(owner, &report->outcome);
    }
    result->hits += verdict == result->verdict;
    const struct run_outcome *outcome = &report->outcome;
    result->program_failed |=
        was_killed(charge, outcome) ||
        (outcome->end == RUN_EXITED && outcome->status != 0 && !outcome->status_hidden);
    keep_findings(owner, charge, &result->findings, &report->findings);
}
