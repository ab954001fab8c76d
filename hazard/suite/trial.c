/* SPDX-License-Identifier: MIT */
#include "hazard/suite/trial.h"

#include <string.h>

#include "base/folder.h"
#include "base/memory.h"
#include "hazard/cc/cc_record.h"
#include "hazard/root.h"
#include "hazard/suite/build.h"
#include "hazard/suite/judge.h"
#include "hazard/suite/known_alarms.h"
#include "run/run_describe.h"
#include "symbols/section.h"

/* build/suite/tsan/buggy/counter for a program of the suite, FOLDER/tsan/program for a user's own.
 */
static const char *output_path(void *owner, const struct trial *trial,
                               const struct flavour *flavour) {
    const struct program *program = trial->target->program;
    if (program == NULL)
        return talloc_asprintf(owner, "%s/%s/program", trial->build_folder, flavour->name);
    int stem = (int)(strlen(program->path) - strlen(".c"));
    return talloc_asprintf(owner, "%s/%s/%.*s", trial->build_folder, flavour->name, stem,
                           program->path);
}

/* What `hazard cc` has built is explored as it is, and built again for all others. */
static bool is_made_again(const struct target *target, const struct flavour *flavour) {
    return target->record != NULL && flavour->runtime == NULL;
}

static int build(void *owner, const struct target *target, const struct flavour *flavour,
                 const char *output, const char **words, struct error *error) {
    struct recipe recipe = recipe_of_sources(owner, &target->sources, &target->words);
    if (target->record != NULL && cc_record_check(target->record, error) != 0) {
        *words = "";
        return -1;
    }
    if (target->record != NULL)
        recipe = target->record->recipe;
    return (target->program != NULL ? build_program : build_kept_program)(owner, flavour, &recipe,
                                                                          output, words, error);
}

int trial_build(void *owner, const struct trial *trial, const struct flavour *flavour,
                struct subject *subject, const char **words, struct error *error) {
    const struct target *target = trial->target;
    *subject = (struct subject){.name = target->name,
                                .sources = target->sources,
                                .args = target->args,
                                .surroundings = target->surroundings,
                                .suppressions = target->suppressions,
                                .server = target->server,
                                .binary = target->binary};
    *words = NULL;
    if (trial->detector != NULL)
        subject->options = option_pairs_known(owner, trial->detector->options, target->told);
    if (target->program != NULL && trial->detector != NULL) {
        const char *detector = trial->detector->name;
        subject->options = catalog_program_options(target->program, detector);
        if (target->args == target->hazard->args) /* the user gave none */
            subject->args = catalog_program_args(target->hazard, target->program, detector);
    }
    if (target->binary != NULL && !is_made_again(target, flavour)) {
        if (target->record != NULL)
            subject->sources = (struct sources){0}; /* what its debug information calls them */
        return 0;
    }
    subject->binary = output_path(owner, trial, flavour);
    return build(owner, target, flavour, subject->binary, words, error);
}

static int make_charge(void *owner, const struct trial *trial, struct marks *marks,
                       struct charge *charge, struct error *error) {
    const struct target *target = trial->target;
    *charge = (struct charge){.sources = &target->sources,
                              .marks = marks,
                              .kind = -1,
                              .server = target->server,
                              .whole_stacks = trial->detector->whole_stacks};
    if (target->program == NULL)
        return 0;
    const struct expectation *expected =
        catalog_expectation(target->program, trial->detector->name);
    charge->kind = (int)(expected != NULL ? expected->kind : target->hazard->kind);
    charge->must_succeed =
        target->program->role == ROLE_FIXED || target->program->role == ROLE_VARIANT;
    for (size_t i = 0; i < target->sources.count; i++)
        if (marks_read(owner, target->sources.paths[i], marks, error) != 0)
            return -1;
    return 0;
}

static int run_once(void *owner, const struct trial *trial, const struct subject *subject,
                    struct run_report *report, struct error *error) {
    const char *scratch = root_scratch(owner, error);
    if (scratch == NULL)
        return -1;
    int result = trial->detector->run(owner, subject, &trial->limits, scratch, report, error);
    folder_remove(scratch);
    if (result == 0 && report->outcome.end == RUN_INTERRUPTED)
        return fail(error, "interrupted");
    return result;
}

/* Without the tool, by the tool's compiler. */
static struct flavour flavour_alone(void *owner, const struct trial *trial) {
    struct flavour flavour = flavour_plain;
    flavour.compiler = trial->detector->flavour->compiler;
    flavour.package = trial->detector->flavour->package;
    if (strcmp(flavour.compiler, flavour_plain.compiler) != 0)
        flavour.name = never_null(talloc_asprintf(owner, "plain-%s", flavour.compiler));
    return flavour;
}

/*
 * It spun under the tool until its time was up. If it ends without the tool, the tool has changed
 * what the program does: TSan, for one, delivers a signal only at the next blocking call, and a
 * loop that waits for it makes none.
 */
static int ask_native(void *owner, const struct trial *trial, struct result *result,
                      struct error *error) {
    struct subject native;
    const char *words;
    const struct flavour flavour = flavour_alone(owner, trial);
    if (trial_build(owner, trial, &flavour, &native, &words, error) != 0)
        return -1;
    struct run_spec spec = {.argv = subject_argv(owner, &native, NULL), .limits = trial->limits};
    struct run_outcome outcome;
    if (subject_run(owner, &native, &spec, &outcome, error) != 0)
        return -1;
    if (outcome.end == RUN_EXITED) {
        result->verdict = VERDICT_CHANGED;
        result->detail = talloc_asprintf(owner, "%s; without the tool: %s", result->detail,
                                         run_describe(owner, &outcome));
    }
    return 0;
}

/* How often it is run without the tool that died: a crash of its own may be a matter of chance. */
enum { RUNS_ALONE = 3 };

/* Does it end by itself each time without the tool? *exits: with which status, at worst. */
static int ends_well_alone(void *owner, const struct trial *trial, bool *ends, int *status,
                           struct error *error) {
    struct subject native;
    const char *words;
    *ends = true;
    *status = 0;
    const struct flavour flavour = flavour_alone(owner, trial);
    if (trial_build(owner, trial, &flavour, &native, &words, error) != 0)
        return -1;
    struct run_spec spec = {.argv = subject_argv(owner, &native, NULL), .limits = trial->limits};
    for (int i = 0; *ends && i < RUNS_ALONE; i++) {
        struct run_outcome outcome;
        if (subject_run(owner, &native, &spec, &outcome, error) != 0)
            return -1;
        *ends = outcome.end == RUN_EXITED;
        *status = outcome.status > *status ? outcome.status : *status;
    }
    return 0;
}

/* Takes out those crashes in which the tool is known to die itself; the call that it does not know, or NULL. */
static const char *take_out_deaths(void *owner, const struct trial *trial, const char *binary,
                                   struct findings *findings) {
    const char *unknown = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; i++) {
        const char *call = known_alarms_death(owner, trial->detector->name, binary,
                                              &findings->items[i], &trial->target->sources);
        if (call == NULL)
            findings->items[kept++] = findings->items[i];
        else
            unknown = call;
    }
    findings->count = kept;
    return unknown;
}

/*
 * A tool that dies by itself says nothing of the program. It is the tool's own death if the call is one that it does
 * not know, the fault is not in the program's code, and the program alone comes to its end.
 */
static int weigh_death(void *owner, const struct trial *trial, const char *binary,
                       struct result *result, struct error *error) {
    struct findings all = {0};
    for (size_t i = 0; i < result->findings.count; i++)
        findings_add(owner, &all, result->findings.items[i]);
    const char *call = take_out_deaths(owner, trial, binary, &all);
    bool ends;
    int status;
    if (call == NULL)
        return 0;
    if (ends_well_alone(owner, trial, &ends, &status, error) != 0)
        return -1;
    if (!ends)
        return 0;
    result->findings = all;
    result->program_failed = status != 0;
    if (all.count > 0)
        return 0;
    result->verdict = VERDICT_UNSUPPORTED;
    result->detail = never_null(talloc_asprintf(
        owner, "the tool does not know %s: it dies in it; without the tool: exit %d", call,
        status));
    return 0;
}

/* Of a user's own program: what is known of the tool's false alarms, and of its deaths. */
static int weigh_alarms(void *owner, const struct trial *trial, const char *binary,
                        struct result *result, struct error *error) {
    if (trial->target->program != NULL || result->findings.count == 0)
        return 0;
    known_alarms_mark(owner, trial->detector->name, binary, &trial->target->sources,
                      &result->findings);
    return weigh_death(owner, trial, binary, result, error);
}

/*
 * Runs that we have to end ourselves cost seconds. Being stuck may be a matter of chance: two such
 * runs are enough. What ran into a limit will do so again: one is.
 */
static bool enough(const struct run_outcome *outcome, int *ended_by_us) {
    if (outcome->end == RUN_EXITED || outcome->end == RUN_SIGNALED)
        return false;
    return ++*ended_by_us >= 2 || outcome->end != RUN_STUCK;
}

const char *trial_note_age(void *owner, const struct target *target, const char *detail) {
    struct error error;
    if (target->record == NULL || cc_record_check(target->record, &error) == 0)
        return detail;
    return never_null(talloc_asprintf(owner, "%s; %s", detail, error.text));
}

/* Why the detector cannot even try; NULL: it can. */
static const char *objection(void *owner, const struct trial *trial) {
    const struct target *target = trial->target;
    size_t size;
    if (target->binary == NULL || target->record != NULL ||
        trial->detector->flavour->runtime != NULL ||
        section_read(owner, target->binary, "hazard_text", &size) == NULL)
        return NULL;
    return "it was built for explore, and does not say how, so that it cannot be built again";
}

int trial_run(void *owner, const struct trial *trial, struct result *result, const char **words,
              struct error *error) {
    struct subject subject;
    struct marks marks = {0};
    struct charge charge;
    const char *why = objection(owner, trial);
    if (why != NULL) {
        *words = NULL;
        *result = (struct result){.detector = trial->detector->name,
                                  .verdict = VERDICT_UNSUPPORTED,
                                  .detail = why,
                                  .runs = 1,
                                  .hits = 1};
        return 0;
    }
    if (trial_build(owner, trial, trial->detector->flavour, &subject, words, error) != 0 ||
        make_charge(owner, trial, &marks, &charge, error) != 0)
        return -1;
    *result = (struct result){.detector = trial->detector->name, .detail = ""};
    int runs = trial->runs > 0 ? trial->runs : trial->detector->default_runs;
    int ended_by_us = 0;
    bool spun = false; /* the last run used up its time without ever waiting */
    for (int i = 0; i < runs; i++) {
        struct run_report report = {0};
        if (run_once(owner, trial, &subject, &report, error) != 0)
            return -1;
        judge_add(owner, &charge, result, judge_run(owner, &charge, &report), &report);
        spun = report.outcome.end == RUN_TIME_LIMIT && report.outcome.burning;
        if (enough(&report.outcome, &ended_by_us))
            break;
    }
    if (trial->detector->flavour->runtime != NULL)
        result->detail = trial_note_age(owner, trial->target, result->detail);
    if (result->verdict == VERDICT_HUNG && spun &&
        (trial->target->binary == NULL || trial->target->record != NULL))
        return ask_native(owner, trial, result, error);
    return weigh_alarms(owner, trial, subject.binary, result, error);
}
