/* SPDX-License-Identifier: MIT */
#include "tests/soak/compare.h"

#include <string.h>

#include "tests/soak/generate.h"

enum {
    SECONDS = 10,        /* for each question */
    FEW_STATES = 200,    /* dfs is asked about no more */
    FEW_EXECUTIONS = 300 /* of dfs */
};

void soak_model_choose(const struct soak_program *program, enum soak_memory memory,
                       struct soak_model *model) {
    uint64_t random = program->seed + 99;
    soak_random(&random);
    /* A thread has at most as many time-outs as registers. */
    *model = (struct soak_model){
        .memory = memory, .long_sequences = true, .timeouts = SOAK_REGISTERS, .looks = 2};
    model->spurious = soak_below(&random, 3);
    model->weak = soak_below(&random, 3);
    model->late = soak_below(&random, 2);
    if (soak_below(&random, 2) == 0)
        model->timeouts = soak_below(&random, 3);
}

struct question {
    struct soak_workshop *workshop;
    const struct soak_subject *subject;
    struct soak_comparison *comparison;
    struct soak_answer answer;
    char options[300], arguments[40];
};

/* One of those that try all, by the program's seed; what is asked for by name stays. */
static const char *strategy_of(const struct question *question, const char *options) {
    static const char *const words[] = {"", " --strategy=dpor", " --strategy=states"};
    return strstr(options, "--strategy=") != NULL ? ""
                                                  : words[question->subject->program->seed % 3];
}

static void ask(struct question *question, const char *options, const char *mode) {
    const struct soak_model *model = question->subject->model;
    snprintf(question->options, sizeof question->options,
             "--memory=%s --stores=%d --spurious=%d --weak=%d --timeouts=%d --late=%d --looks=%d "
             "--seconds=%d %s%s",
             model->memory == SOAK_TSO ? "tso" : "sc", SOAK_BUFFER, model->spurious, model->weak,
             model->timeouts, model->late, model->looks, SECONDS, options,
             strategy_of(question, options));
    snprintf(question->arguments, sizeof question->arguments, "%d %s", question->subject->number,
             mode);
    soak_ask(question->workshop, question->subject->binary, question->options, question->arguments,
             &question->answer);
    question->comparison->undecided += question->answer.verdict == SOAK_BOUNDED;
}

static void differs(const struct question *question, const char *wanted) {
    struct soak_comparison *comparison = question->comparison;
    char failures[100];
    if (comparison->difference[0] != '\0')
        return;
    soak_emit_failures(failures, sizeof failures, question->answer.kinds & 15);
    snprintf(comparison->difference, sizeof comparison->difference,
             "explore: %s %s%s%s (%.150s); wanted: %s",
             soak_verdict_names[question->answer.verdict],
             (question->answer.kinds & 15) != 0 ? failures : "",
             (question->answer.kinds & SOAK_ASSERTIONS) != 0 ? " assertion" : "",
             (question->answer.kinds & SOAK_OTHERS) != 0 ? " something else" : "",
             question->answer.words, wanted);
    snprintf(comparison->how, sizeof comparison->how, "%s -- %s", question->options,
             question->arguments);
}

/* Any of these may be said of a program that fails so. */
static unsigned allowed(unsigned failures) {
    if ((failures & SOAK_MIXED) != 0)
        failures |= SOAK_DEADLOCKS | SOAK_LIVELOCKS;
    return failures & ~(unsigned)SOAK_MIXED;
}

/* Are all kinds told that there are? A livelock beside a deadlock need not be. */
static bool all_told(unsigned failures, unsigned kinds) {
    if ((failures & SOAK_DEADLOCKS) != 0)
        return (kinds & SOAK_DEADLOCKS) != 0;
    if ((failures & SOAK_MIXED) != 0)
        return (kinds & (SOAK_DEADLOCKS | SOAK_LIVELOCKS)) != 0;
    return (failures & SOAK_LIVELOCKS & ~kinds) == 0;
}

/* What the budget ended is no answer; but not to have come to any end at all is none that will do. */
static void expect(const struct question *question, bool right, const char *wanted) {
    bool budget = question->answer.verdict == SOAK_BOUNDED && !question->answer.ends_in_nothing;
    if (!right && !budget)
        differs(question, wanted);
}

/* One finding ends the search. */
static void ask_once(struct question *question, unsigned failures, const char *mode,
                     const char *options) {
    const struct soak_answer *answer = &question->answer;
    unsigned may = allowed(failures) | (mode[0] == 'n' ? SOAK_ASSERTIONS : 0U);
    ask(question, options, mode);
    if (may == 0)
        expect(question, answer->verdict == SOAK_PROVED, "proved");
    else
        expect(question,
               answer->verdict == SOAK_FOUND && answer->kinds != 0 && (answer->kinds & ~may) == 0,
               "found, of the kinds that there are");
}

/* What was found so far need not be all. */
static bool budget_over(const struct question *question) {
    return question->answer.executions >= question->workshop->executions ||
           question->answer.seconds >= SECONDS;
}

/* All findings; of other kinds than races, which hide the rest. */
static void ask_for_all(struct question *question, unsigned failures, const char *mode,
                        const char *options) {
    const struct soak_answer *answer = &question->answer;
    bool forbidden = mode[0] == 'n';
    unsigned may = allowed(failures) | (forbidden ? SOAK_ASSERTIONS : 0U);
    ask(question, options, mode);
    if (answer->verdict == SOAK_FOUND && (answer->kinds & ~may) == 0 && budget_over(question)) {
        question->comparison->undecided++;
        return;
    }
    bool right = (answer->kinds & ~may) == 0 && all_told(failures, answer->kinds) &&
                 (!forbidden || (answer->kinds & SOAK_ASSERTIONS) != 0) &&
                 answer->verdict == (may == 0 ? SOAK_PROVED : SOAK_FOUND);
    expect(question, right, may == 0 ? "proved" : "found, with all kinds that there are");
}

static void ask_both(struct question *question, const char *mode) {
    unsigned failures = question->subject->truth->failures;
    char budget[80];
    snprintf(budget, sizeof budget, "--executions=%d", question->workshop->executions);
    if (failures == 0 || mode[0] == 'i')
        ask_once(question, failures, mode, budget);
    snprintf(budget, sizeof budget, "--executions=%d --keep-going%s",
             question->workshop->executions, (failures & SOAK_RACES) != 0 ? " --races=ignore" : "");
    /* With races ignored: time flows at racy accesses, and compilers may merge them. Not compared. */
    bool alike =
        (failures & SOAK_RACES) == 0 || (!soak_program_is_timed(question->subject->program) &&
                                         question->workshop->flags[0] == '\0');
    if (failures != 0 && alike)
        ask_for_all(question, failures & ~(unsigned)SOAK_RACES, mode, budget);
}

/* The other strategies may not know better. */
static void ask_others(struct question *question, uint64_t *random) {
    const struct soak_truth *truth = question->subject->truth;
    char options[80];
    if (truth->state_count < FEW_STATES && soak_below(random, 6) == 0) {
        snprintf(options, sizeof options, "--strategy=dfs --executions=%d", FEW_EXECUTIONS);
        ask_once(question, truth->failures, "in", options);
    }
    if (soak_below(random, 12) != 0)
        return;
    snprintf(options, sizeof options, "--strategy=random --seed=%d --executions=30",
             soak_below(random, 1000));
    ask(question, options, "in");
    expect(question,
           question->answer.verdict == SOAK_FOUND &&
               (question->answer.kinds & ~allowed(truth->failures)) == 0,
           "nothing but what there is");
}

void soak_compare(struct soak_workshop *workshop, const struct soak_subject *subject,
                  struct soak_comparison *comparison) {
    struct question question = {workshop, subject, comparison, {0}, "", ""};
    uint64_t random = subject->program->seed + 7;
    char mode[30];
    soak_random(&random);
    *comparison = (struct soak_comparison){0};
    ask_both(&question, "in");
    for (int i = 0; i < workshop->outcomes && subject->truth->outcome_count > 0; i++) {
        snprintf(mode, sizeof mode, "not %d",
                 soak_below(&random, (int)subject->truth->outcome_count));
        if (comparison->difference[0] == '\0')
            ask_both(&question, mode);
    }
    if (comparison->difference[0] == '\0')
        ask_others(&question, &random);
}
