/* SPDX-License-Identifier: MIT */
/*
 * One job is one program under one detector. The report is laid out first, a cell for each job, so
 * that answers can come in any order.
 */
#include "hazard/suite/suite.h"

#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/folder.h"
#include "base/memory.h"
#include "base/tool.h"
#include "hazard/detectors.h"
#include "hazard/root.h"
#include "hazard/suite/arbitrate.h"
#include "hazard/suite/jobs.h"
#include "hazard/suite/result_pack.h"
#include "hazard/suite/trial.h"

/* Where a job's answer goes. */
struct suite_place {
    size_t target;  /* among the targets */
    size_t program; /* among the report's programs */
    size_t cell;    /* of that program */
    const struct detector *detector;
};

struct suite {
    void *owner;
    const struct targets *targets;
    const struct suite_options *options;
    struct suite_report *report;
    const char *scratch; /* compiled programs of the user's own */
    const char **unfit;  /* for each detector: why its tool's reports may be misread; NULL: no */
    struct suite_place *places;
    size_t place_count, finished;
};

const struct detector *const *suite_detectors(void *owner, const char *list, struct error *error) {
    if (list == NULL)
        return detectors;
    const struct detector **chosen = NULL;
    size_t count = 0;
    char *copy = talloc_strdup(owner, list);
    for (char *name; (name = strsep(&copy, ",")) != NULL;) {
        const struct detector *detector = detectors_find(name);
        if (detector == NULL) {
            char *known = talloc_strdup(owner, "");
            for (const struct detector *const *d = detectors; *d != NULL; d++)
                known =
                    talloc_asprintf_append(known, "%s%s", d == detectors ? "" : ", ", (*d)->name);
            fail(error, "there is no detector '%s'; there are %s", name, known);
            return NULL;
        }
        chosen = grow_array(owner, chosen, const struct detector *, count + 2);
        chosen[count++] = detector;
        chosen[count] = NULL;
    }
    return chosen;
}

/* A tool that is missing is for the user to install; one of another version costs its cells alone. */
static int check_tools(struct suite *suite, struct error *error) {
    const struct detector *const *chosen = suite->options->detectors;
    size_t count = 0;
    while (chosen[count] != NULL)
        count++;
    suite->unfit = new_array(suite->owner, const char *, count);
    for (size_t i = 0; i < count; i++) {
        struct error reason;
        int fit = chosen[i]->available != NULL ? chosen[i]->available(&reason) : 0;
        if (fit < 0)
            return fail(error, "%s: %s", chosen[i]->name, reason.text);
        if (fit == TOOL_UNKNOWN)
            suite->unfit[i] = never_null(talloc_strdup(suite->owner, reason.text));
    }
    return 0;
}

static bool is_told(const struct detector *detector, const struct target *target) {
    const char *const *known = option_pairs_known(NULL, detector->options, target->told);
    bool any = known != NULL;
    talloc_free((void *)(uintptr_t)known);
    return any;
}

/* Of a program that does not listen, probe can say nothing; explore takes threads alone, and the
 * catalogue knows which programs of the suite those are. Which signal inject is to bring the
 * catalogue knows, and of a program of the user's who asks. */
static bool applies(const struct detector *detector, const struct target *target) {
    if (detector->suite_only && target->program == NULL && !is_told(detector, target))
        return false;
    if (detector->chosen_only &&
        (target->server ||
         (target->program != NULL && catalog_expectation(target->program, detector->name) == NULL)))
        return false;
    return target->server || !detector->servers_only;
}

static bool as_expected(const struct expectation *expected, const struct result *result) {
    bool counted = expected->count == 0 || result->verdict != VERDICT_PROVED ||
                   result->count == expected->count;
    return (result->verdict == expected->verdict && counted) ||
           (int)result->verdict == expected->alternative;
}

/* Holds a cell's result against what the catalogue expects of it. */
static void compare(struct suite *suite, const struct program_report *program, struct cell *cell) {
    if (program->in_suite != NULL)
        cell->expected = catalog_expectation(program->in_suite, cell->result.detector);
    cell->mismatch = cell->expected != NULL && !as_expected(cell->expected, &cell->result);
    suite->report->mismatches += cell->mismatch;
}

/* A cell for each detector that applies, and the job that fills it where its tool is fit for that. */
static void lay_out_program(struct suite *suite, size_t target_index,
                            struct program_report *program) {
    const struct target *target = &suite->targets->items[target_index];
    *program = (struct program_report){.program = target->name,
                                       .hazard = target->hazard,
                                       .in_suite = target->program,
                                       .sources = target->sources};
    const struct detector *const *all = suite->options->detectors;
    for (size_t i = 0; all[i] != NULL; i++) {
        if (!applies(all[i], target))
            continue;
        program->cells =
            grow_array(suite->owner, program->cells, struct cell, program->cell_count + 1);
        struct cell *cell = &program->cells[program->cell_count++];
        *cell = (struct cell){.result = {.detector = all[i]->name, .detail = ""}};
        if (suite->unfit[i] != NULL) {
            cell->result.verdict = VERDICT_UNSUPPORTED;
            cell->result.detail = suite->unfit[i];
            cell->result.runs = cell->result.hits = 1;
            compare(suite, program, cell);
            continue;
        }
        suite->places =
            grow_array(suite->owner, suite->places, struct suite_place, suite->place_count + 1);
        suite->places[suite->place_count++] = (struct suite_place){
            target_index, suite->report->count, program->cell_count - 1, all[i]};
    }
}

/* What takes long begins first; else the last one runs alone while a processor idles. */
static void put_lengthy_first(struct suite *suite) {
    struct suite_place *sorted =
        new_array(suite->owner, struct suite_place, suite->place_count + 1);
    size_t count = 0;
    for (int lengthy = 1; lengthy >= 0; lengthy--)
        for (size_t i = 0; i < suite->place_count; i++)
            if (suite->places[i].detector->lengthy == (lengthy == 1))
                sorted[count++] = suite->places[i];
    talloc_free(suite->places);
    suite->places = sorted;
}

/* A program that none of the detectors applies to is left out. */
static void lay_out(struct suite *suite) {
    struct suite_report *report = suite->report;
    report->programs = new_array(suite->owner, struct program_report, suite->targets->count);
    for (size_t t = 0; t < suite->targets->count; t++) {
        struct program_report *program = &report->programs[report->count];
        lay_out_program(suite, t, program);
        report->count += program->cell_count > 0;
    }
    put_lengthy_first(suite);
}

/* In a worker. {"result": ...}, or {"error": text, "words": the compiler's, "own": is it hazard's
 * fault}. */
static json_t *do_job(size_t index, void *context) {
    const struct suite *suite = context;
    const struct suite_place *place = &suite->places[index];
    const struct target *target = &suite->targets->items[place->target];
    struct trial trial = {
        .detector = place->detector,
        .target = target,
        .runs = suite->options->runs,
        .limits = suite->options->limits,
        .build_folder = target->program != NULL ? suite->options->build_folder : suite->scratch,
    };
    void *owner = new_owner();
    struct result result;
    struct error error;
    const char *words = NULL;
    json_t *answer;
    if (trial_run(owner, &trial, &result, &words, &error) == 0)
        answer = json_pack("{so}", "result", result_pack(&result));
    else
        answer = json_pack("{ss ss* sb}", "error", clean_line(owner, error.text), "words",
                           words != NULL ? clean_utf8(owner, words) : NULL, "own", words == NULL);
    talloc_free(owner);
    return answer;
}

static void show_progress(const struct suite *suite, const struct suite_place *place) {
    if (!suite->options->progress)
        return;
    fprintf(stderr, "\r\033[K[%zu/%zu] %s under %s", suite->finished, suite->place_count,
            suite->targets->items[place->target].name, place->detector->name);
    if (suite->finished == suite->place_count)
        fprintf(stderr, "\r\033[K");
    (void)fflush(stderr);
}

/* "tsan on counter.c: ...". */
static int fail_cell(const struct suite *suite, const struct suite_place *place, const char *why,
                     struct error *error) {
    return fail(error, "%s on %s: %s", place->detector->name,
                clean_line(suite->owner, suite->targets->items[place->target].name), why);
}

/* ...and what the compiler complains of first, for who sees no more of it. */
static const char *with_first_error(void *owner, const char *why, const char *words) {
    const char *at = words != NULL ? strstr(words, "undefined reference") : NULL;
    if (at == NULL && words != NULL)
        at = strstr(words, "error:");
    return never_null(at == NULL
                          ? talloc_strdup(owner, why)
                          : talloc_asprintf(owner, "%s: %.*s", why, (int)strcspn(at, "\n"), at));
}

/* A program of the user's may be too much for one detector and not for the next: what the others
 * say is not lost. Of the suite all can be built and run. */
static int take_failure(struct suite *suite, const struct suite_place *place, struct cell *cell,
                        const json_t *answer, struct error *error) {
    struct error line;
    const char *why = json_string_value(json_object_get(answer, "error")),
               *words = json_string_value(json_object_get(answer, "words"));
    words = words != NULL ? talloc_strdup(suite->owner, words) : NULL;
    if (suite->targets->items[place->target].program != NULL || run_interrupted()) {
        suite->report->words = words;
        return fail_cell(suite, place, why, error);
    }
    fail_cell(suite, place, why, &line);
    cell->failure = never_null(talloc_strdup(suite->owner, line.text));
    cell->words = words;
    cell->result.verdict = VERDICT_UNSUPPORTED;
    cell->result.detail = with_first_error(suite->owner, why, words);
    cell->result.runs = cell->result.hits = 1;
    cell->failed = json_is_true(json_object_get(answer, "own"));
    if (cell->failed && suite->report->trouble == NULL)
        suite->report->trouble = cell->failure;
    return 0;
}

static int take_result(struct suite *suite, const struct program_report *program, struct cell *cell,
                       const json_t *answer, struct error *error) {
    struct result *result = result_unpack(suite->owner, json_object_get(answer, "result"));
    if (result == NULL)
        return fail(error, "hazard itself failed: a worker's answer cannot be read");
    cell->result = *result;
    compare(suite, program, cell);
    return 0;
}

static int take_answer(size_t index, json_t *answer, void *context, struct error *error) {
    struct suite *suite = context;
    const struct suite_place *place = &suite->places[index];
    struct program_report *program = &suite->report->programs[place->program];
    struct cell *cell = &program->cells[place->cell];
    int taken = json_object_get(answer, "error") != NULL
                    ? take_failure(suite, place, cell, answer, error)
                    : take_result(suite, program, cell, answer, error);
    if (taken != 0)
        return -1;
    suite->finished++;
    show_progress(suite, place);
    return 0;
}

/* What is expected hangs on them; of a program of the user's, nothing is. */
static void note_versions(const struct suite *suite) {
    bool compared = false;
    for (size_t i = 0; i < suite->report->count; i++)
        compared |= suite->report->programs[i].in_suite != NULL;
    for (size_t i = 0; i < VERSIONS_COUNT && compared; i++)
        suite->report->versions[i] = versions_here(i);
}

/* A program for which all detectors failed is no program that one could check: the report says why. */
static void check_failures(struct suite *suite) {
    for (size_t i = 0; i < suite->report->count; i++) {
        const struct program_report *program = &suite->report->programs[i];
        size_t failed = 0;
        for (size_t j = 0; j < program->cell_count; j++)
            failed += program->cells[j].failure != NULL;
        if (failed < program->cell_count)
            continue;
        for (size_t j = 0; j < program->cell_count; j++)
            program->cells[j].failed = true;
        suite->report->words = program->cells[0].words;
        suite->report->trouble = program->cells[0].failure;
        suite->report->fruitless = true;
    }
}

/* `detector` is the first of those that were chosen; none of them applies. */
static const char *nothing_to_do(void *owner, const struct detector *detector) {
    const char *name = detector->name;
    if (detector->servers_only)
        return talloc_asprintf(owner,
                               "nothing to do: %s is for programs that listen (--server says that "
                               "yours does)",
                               name);
    if (detector->suite_only)
        return talloc_asprintf(owner,
                               "nothing to do: %s takes those programs of the suite that the "
                               "catalogue names, and yours with --signal or --child-exit",
                               name);
    return talloc_asprintf(owner, "nothing to do: of these programs, %s takes none", name);
}

int suite_run(void *owner, const struct targets *targets, const struct suite_options *options,
              struct suite_report *report, struct error *error) {
    *report = (struct suite_report){.root = options->root};
    struct suite suite = {.owner = owner, .targets = targets, .options = options, .report = report};
    if (check_tools(&suite, error) != 0)
        return -1;
    suite.scratch = root_scratch(owner, error);
    if (suite.scratch == NULL)
        return -1;
    lay_out(&suite);
    if (report->count == 0) {
        folder_remove(suite.scratch);
        return fail(error, "%s", nothing_to_do(owner, options->detectors[0]));
    }
    struct jobs jobs = {.count = suite.place_count,
                        .parallel = options->parallel,
                        .work = do_job,
                        .done = take_answer,
                        .context = &suite};
    int result = jobs_run(&jobs, error);
    if (result == 0) {
        note_versions(&suite);
        check_failures(&suite);
        arbitrate(owner, report);
    }
    if (result != 0 && options->progress)
        fprintf(stderr, "\r\033[K");
    folder_remove(suite.scratch);
    return result;
}
