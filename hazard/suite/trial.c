/* SPDX-License-Identifier: MIT */
#include "hazard/suite/trial.h"

#include <string.h>

#include "base/folder.h"
#include "base/memory.h"
#include "hazard/cc/cc_record.h"
#include "hazard/root.h"
#include "hazard/suite/build.h"
#include "hazard/suite/judge.h"
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
                                .server = target->server,
                                .binary = target->binary};
    *words = NULL;
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

/*
 * It spun under the tool until its time was up. If it ends without the tool, the tool has changed
 * what the program does: TSan, for one, delivers a signal only at the next blocking call, and a
 * loop that waits for it makes none.
 */
static int ask_native(void *owner, const struct trial *trial, struct result *result,
                      struct error *error) {
    struct subject native;
    const char *words;
    if (trial_build(owner, trial, &flavour_plain, &native, &words, error) != 0)
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
    return 0;
}
