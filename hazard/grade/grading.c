/* SPDX-License-Identifier: MIT */
#include "hazard/grade/grading.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/file.h"
#include "base/file_replace.h"
#include "base/memory.h"
#include "hazard/cc/cc_line.h"
#include "hazard/gate/gate.h"
#include "hazard/grade/answer.h"
#include "hazard/grade/check_run.h"
#include "hazard/grade/handin.h"
#include "hazard/grade/stage.h"
#include "run/run_describe.h"

#define WORDS_BYTES 4096 /* of a compiler's */

struct grading {
    void *owner;
    const struct assignment *assignment;
    struct stage *stage;
    struct handin handin;
    struct answer_names names;
    struct grade *grade;
    struct error *error;
};

/* ---- Ends before any check ---------------------------------------------------------------------- */

static void mark_all(struct grading *grading, enum mark_state state, const char *sentence) {
    const struct assignment *assignment = grading->assignment;
    for (size_t i = 0; i < assignment->check_count; i++) {
        struct mark *mark = &grading->grade->marks[i];
        mark->state = state;
        mark->points = assignment->checks[i].points < 0 ? assignment->checks[i].points : 0;
        mark->sentence = sentence;
    }
}

/* Returns 1. */
static int refuse(struct grading *grading, const char *reason, const char *details) {
    struct grade *grade = grading->grade;
    grade->end = GRADE_REFUSED;
    grade->reason = reason;
    grade->details = clean_utf8(
        grading->owner,
        never_null(talloc_strndup(
            grading->owner, answer_clean(grading->owner, &grading->names, details), WORDS_BYTES)));
    mark_all(grading, MARK_FAILED, "not checked: the hand-in was refused");
    return 1;
}

static int break_off(struct grading *grading, const char *reason) {
    struct grade *grade = grading->grade;
    grade->end = GRADE_BROKEN;
    grade->reason =
        clean_line(grading->owner, answer_clean(grading->owner, &grading->names, reason));
    return 1;
}

/* ---- The gate ----------------------------------------------------------------------------------- */

static int run_compiler(void *argument, void *owner, const char *const *argv,
                        struct run_outcome *outcome, struct error *error) {
    const struct stage *stage = argument;
    return stage_run(owner, stage, STAGE_COMPILER, argv, NULL, outcome, error);
}

static int switch_rules(const struct assignment *assignment, struct gate_input *input,
                        struct error *error) {
    int result = 0;
    for (const char *const *rule = assignment->allow; result == 0 && *rule != NULL; rule++)
        result = gate_switch(input, *rule, false, error);
    for (const char *const *rule = assignment->refuse; result == 0 && *rule != NULL; rule++)
        result = gate_switch(input, *rule, true, error);
    return result;
}

/* <hazard.h> and what the teacher gives. */
static const char *const *compiler_words(void *owner, const struct assignment *assignment) {
    struct cc_line line = {.owner = owner};
    cc_line_add(&line, "-I..");
    cc_line_add_all(&line, assignment->flags);
    return cc_line_words(&line);
}

static int refuse_by_gate(struct grading *grading, const struct gate *gate) {
    void *owner = grading->owner;
    struct grade *grade = grading->grade;
    char *details = never_null(talloc_strdup(owner, ""));
    for (size_t i = 0; i < gate->count; i++) {
        const struct gate_refusal *refusal = &gate->refusals[i];
        const struct gate_rule *rule = &gate_rules[refusal->kind];
        details = never_null(talloc_asprintf_append_buffer(
            details, "%s:%d: %s: %s\n    %s\n    %s; instead: %s\n", refusal->file, refusal->line,
            rule->name, refusal->what, refusal->text, rule->why, rule->honest));
        grade->places = grow_array(owner, grade->places, struct mark_place, grade->place_count + 1);
        grade->places[grade->place_count++] =
            (struct mark_place){refusal->file, refusal->line > 0 ? refusal->line : 1, rule->why};
    }
    return refuse(grading, "the hand-in hides from detectors, or misleads them", details);
}

/* counter.c.gcc.i beside counter.c, where frames of the program are looked for. */
static int place_text(struct grading *grading, const struct gate_text *text) {
    static const char *const endings[GATE_COMPILERS] = {[GATE_GCC] = "gcc", [GATE_CLANG] = "clang"};
    for (enum gate_compiler at = 0; at < GATE_COMPILERS; at++) {
        char *bytes = file_read(grading->owner, text->preprocessed[at], grading->error);
        const char *path = talloc_asprintf(grading->owner, "%s/%s.%s.i", grading->stage->handin,
                                           text->source, endings[at]);
        if (bytes == NULL ||
            file_replace(path, bytes, talloc_get_size(bytes) - 1, grading->error) != 0)
            return -1;
    }
    return 0;
}

static int pass_gate(struct grading *grading) {
    struct gate gate;
    size_t count = 0;
    while (grading->handin.sources[count] != NULL)
        count++;
    struct gate_input input = {
        .folder = grading->stage->handin,
        .files = grading->handin.sources,
        .file_count = count,
        .words = compiler_words(grading->owner, grading->assignment),
        .scratch = talloc_asprintf(grading->owner, "%s/.hazard/text", grading->stage->folder),
        .run = run_compiler,
        .run_argument = grading->stage};
    gate_defaults(&input);
    if (switch_rules(grading->assignment, &input, grading->error) != 0 ||
        gate_check(grading->owner, &input, &gate, grading->error) != 0)
        return -1;
    if (gate.count > 0)
        return refuse_by_gate(grading, &gate);
    if (gate.complaint != NULL)
        return refuse(grading, "the hand-in does not compile", gate.complaint);
    for (size_t i = 0; i < count; i++)
        if (place_text(grading, &gate.texts[i]) != 0)
            return -1;
    return 0;
}

/* ---- Building ----------------------------------------------------------------------------------- */

/* 0: built; 1: not, and *outcome says why; -1. */
static int compile(struct grading *grading, const char *const *first, const char *const *sources,
                   struct run_outcome *outcome) {
    struct cc_line line = {.owner = grading->owner};
    cc_line_add_all(&line, first);
    cc_line_add_all(&line, sources);
    cc_line_add_all(&line, compiler_words(grading->owner, grading->assignment));
    cc_line_add_all(&line, (const char *const[]){"-idirafter", grading->stage->headers, NULL});
    if (stage_run(grading->owner, grading->stage, STAGE_COMPILER, cc_line_words(&line), NULL,
                  outcome, grading->error) != 0)
        return -1;
    return outcome->end == RUN_EXITED && outcome->status == 0 ? 0 : 1;
}

/* The driver is the teacher's: that it does not compile is no student's fault. */
static int check_driver(struct grading *grading) {
    static const char *const first[] = {"gcc", "-std=gnu17",    "-pthread",
                                        "-w",  "-fsyntax-only", NULL};
    const char *const *driver = check_run_driver(grading->owner, grading->assignment);
    struct run_outcome outcome;
    if (*driver == NULL)
        return 0;
    int result = compile(grading, first, driver, &outcome);
    return result <= 0
               ? result
               : break_off(grading,
                           never_null(talloc_asprintf(
                               grading->owner, "the assignment's driver does not compile: %s",
                               outcome.errors)));
}

static int build(struct grading *grading) {
    static const char *const first[] = {"gcc", "-std=gnu17", "-pthread",  "-w",
                                        "-g",  "-o",         STAGE_PLAIN, NULL};
    const char *const *sources =
        check_run_sources(grading->owner, grading->assignment, &grading->handin, "gcc");
    struct run_outcome outcome;
    int result = compile(grading, first, sources, &outcome);
    if (result <= 0)
        return result;
    result = check_driver(grading);
    if (result != 0)
        return result;
    if (outcome.end != RUN_EXITED)
        return refuse(grading, "the hand-in cannot be built",
                      run_describe(grading->owner, &outcome));
    return refuse(grading, "the hand-in does not link", outcome.errors);
}

/* ---- Checks ------------------------------------------------------------------------------------- */

static const char *unmet(const struct grading *grading, const struct check *check) {
    for (const char *const *name = check->requires_checks; *name != NULL; name++)
        for (size_t i = 0; i < grading->grade->count; i++)
            if (strcmp(grading->assignment->checks[i].name, *name) == 0 &&
                grading->grade->marks[i].state != MARK_PASSED)
                return *name;
    return NULL;
}

static int run_checks(struct grading *grading) {
    const struct assignment *assignment = grading->assignment;
    for (size_t i = 0; i < assignment->check_count; i++) {
        const struct check *check = &assignment->checks[i];
        struct mark *mark = &grading->grade->marks[i];
        const char *missing = unmet(grading, check);
        if (missing != NULL) {
            mark->state = MARK_SKIPPED;
            mark->sentence =
                talloc_asprintf(grading->owner, "not checked before %s passes", missing);
            continue;
        }
        struct error error;
        const struct check_run run = {grading->owner, assignment, grading->stage, &grading->handin,
                                      &grading->names};
        if (check_run(&run, check, mark, &error) != 0) {
            mark->state = MARK_BROKEN;
            mark->sentence = clean_line(grading->owner,
                                        answer_clean(grading->owner, &grading->names, error.text));
            return break_off(grading, talloc_asprintf(grading->owner, "the check %s: %s",
                                                      check->name, mark->sentence));
        }
    }
    return 0;
}

static void add_up(struct grading *grading) {
    struct grade *grade = grading->grade;
    const int cap = grading->assignment->undecided_cap;
    int sum = 0;
    for (size_t i = 0; i < grade->count; i++)
        sum += grade->marks[i].points;
    grade->points = sum < 0 ? 0 : sum;
    if (cap >= 0 && grade->points > cap && mark_undecided(grade)) {
        grade->points = cap;
        grade->note = talloc_asprintf(grading->owner,
                                      "at most %d points, as not everything could be decided", cap);
    }
}

/* ---- The whole ---------------------------------------------------------------------------------- */

static void begin(struct grading *grading, const struct sandbox *sandbox, const char *handin) {
    const struct assignment *assignment = grading->assignment;
    *grading->grade = (struct grade){
        .assignment = assignment->name,
        .title = clean_line(grading->owner, assignment->title),
        .handin = clean_line(grading->owner, handin_name(grading->owner, handin)),
        .reason = "",
        .details = "",
        .note = "",
        .marks = new_array(grading->owner, struct mark, assignment->check_count),
        .count = assignment->check_count,
        .most = assignment->most,
        .sandbox = sandbox->tier == SANDBOX_NONE ? "none: --unsafe"
                                                 : sandbox_words(grading->owner, sandbox)};
    for (size_t i = 0; i < assignment->check_count; i++) {
        const struct check *check = &assignment->checks[i];
        grading->grade->marks[i] = (struct mark){.name = check->name,
                                                 .title = clean_line(grading->owner, check->title),
                                                 .with = assignment_with_name(check->with),
                                                 .state = MARK_BROKEN,
                                                 .most = check->points > 0 ? check->points : 0,
                                                 .hidden = check->hidden,
                                                 .sentence = "not checked",
                                                 .details = "",
                                                 .hint = "",
                                                 .replay = ""};
    }
}

/* 0: all checks have run; 1: it ended before; -1. */
static int grade_on_stage(struct grading *grading, int back) {
    if (chdir(grading->stage->handin) != 0)
        return fail(grading->error, "cannot enter %s: %s", grading->stage->handin, strerror(errno));
    int result = pass_gate(grading);
    if (result == 0)
        result = build(grading);
    if (result == 0)
        result = run_checks(grading);
    if (fchdir(back) != 0 && result == 0)
        result = fail(grading->error, "cannot go back to where we were: %s", strerror(errno));
    return result;
}

int grading_run(void *owner, const struct assignment *assignment, const struct sandbox *sandbox,
                const char *handin, struct grade *grade, struct error *error) {
    struct error broken;
    struct grading grading = {
        .owner = owner, .assignment = assignment, .grade = grade, .error = &broken};
    int back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC), result;
    if (access(handin, F_OK) != 0)
        return fail(error, "cannot read the hand-in %s: %s", handin, strerror(errno));
    begin(&grading, sandbox, handin);
    grading.stage = stage_new(owner, assignment, sandbox, &broken);
    result = grading.stage == NULL ? -1
                                   : handin_take(owner, assignment, handin, grading.stage->handin,
                                                 &grading.handin, &broken);
    grading.names = (struct answer_names){grading.stage != NULL ? grading.stage->folder : "",
                                          grading.handin.sources};
    if (result == 0 && grading.handin.refusal != NULL)
        result = refuse(&grading, grading.handin.refusal, "");
    if (result == 0)
        result = grade_on_stage(&grading, back);
    if (grading.stage != NULL)
        stage_remove(grading.stage);
    close(back);
    if (run_interrupted())
        return fail(error, "interrupted");
    if (result < 0)
        break_off(&grading, broken.text);
    if (grade->end != GRADE_BROKEN)
        add_up(&grading);
    return 0;
}

void grading_broken(void *owner, const struct assignment *assignment, const struct sandbox *sandbox,
                    const char *handin, const char *reason, struct grade *grade) {
    struct grading grading = {
        .owner = owner, .assignment = assignment, .grade = grade, .names.stage = ""};
    begin(&grading, sandbox, handin);
    break_off(&grading, reason);
}
