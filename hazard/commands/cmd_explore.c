/* SPDX-License-Identifier: MIT */
/*
 * `hazard explore`: programs one after the other, each to its verdict, with a schedule file for
 * each finding.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file_replace.h"
#include "base/memory.h"
#include "explore/front/explore_detector.h"
#include "explore/front/reaching.h"
#include "explore/front/schedule_flag.h"
#include "explore/front/schedule_text.h"
#include "hazard/cc/cc_record.h"
#include "hazard/cc/cc_word.h"
#include "hazard/commands/batch.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/detector_options.h"
#include "hazard/commands/surrounding_options.h"
#include "hazard/render/called_text.h"
#include "hazard/render/explored.h"
#include "hazard/suite/trial.h"
#include "symbols/checksum.h"

enum { OPTION_COMPILER = 256, OPTION_SCHEDULE, OPTION_JSON, OPTION_CALLS };

/* Beside those of the detector. */
static const struct argp_option argp_options[] = {
    {"schedule", OPTION_SCHEDULE, "FILE", 0,
     "Where the failing schedule goes (default NAME.schedule, here)", 4},
    {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 4},
    {"calls", OPTION_CALLS, NULL, 0,
     "Run nothing: list what the program calls, and what explore makes of each call", 4},
    {"compiler", OPTION_COMPILER, "NAME", 0, "gcc (default) or clang", 5},
    {"optimise", 'O', "LEVEL", 0,
     "The compiler's -O, as all its options: 0 (default), 1, 2, 3, g or s", 5},
    {0},
};

struct explore_command {
    struct naming naming;
    struct detector_options asked;
    struct surrounding_options around;
    struct explore_options tried; /* of `asked` */
    bool json;
    bool calls; /* only which there are */
    const struct flavour *flavour;
    const char *schedule;
};

static void take_level(struct explore_command *command, const char *level,
                       const struct argp_state *state) {
    if (strlen(level) != 1 || strchr("0123gs", *level) == NULL)
        argp_error(state, "-O takes 0, 1, 2, 3, g or s, not '%s'", level);
    cc_line_add(&command->naming.compiler,
                never_null(talloc_asprintf(command->naming.owner, "-O%s", level)));
}

static void take_compiler(struct explore_command *command, const char *name,
                          const struct argp_state *state) {
    struct error error;
    command->flavour = explore_flavour(name, &error);
    if (command->flavour == NULL)
        argp_error(state, "%s", error.text);
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct explore_command *command = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &command->asked;
        state->child_inputs[1] = &command->around;
        return 0;
    case OPTION_COMPILER:
        take_compiler(command, argument, state);
        return 0;
    case 'O':
        take_level(command, argument, state);
        return 0;
    case OPTION_SCHEDULE:
        command->schedule = argument;
        return 0;
    case OPTION_JSON:
        command->json = true;
        return 0;
    case OPTION_CALLS:
        command->calls = true;
        return 0;
    case ARGP_KEY_ARG:
        naming_add(&command->naming, argument);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which program?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- What is asked ------------------------------------------------------------------- */

static int options_for(const struct explore_command *command, const struct target *target,
                       struct explore_options *all, struct error *error) {
    *all = explore_default_options;
    if (target->program != NULL)
        all->severities = severity_strict;
    if (detector_options_apply(&command->asked, target, all, error) != 0)
        return -1;
    /* Nobody who has said nothing waits for an hour; not told in seconds, as a slow machine's verdict is the same. A
     * program of the suite has what the catalogue says. */
    if (target->program == NULL && all->shards == 0 &&
        detector_options_given(&command->asked, "seconds") == NULL &&
        detector_options_given(&command->asked, "executions") == NULL)
        all->effort = EXPLORE_EFFORT;
    for (const struct detector_option *option = explore_options_table; option->name != NULL;
         option++)
        if (detector_options_given(&command->asked, option->name) != NULL &&
            explore_option_fits(option, all->strategy, error) != 0)
            return -1;
    return 0;
}

/* ---- Schedules ----------------------------------------------------------------------- */

/* "counter" of buggy/counter.c; "fixed-counter" of its fix, which should not need one. */
static const char *stem(void *owner, const struct target *target) {
    const char *slash = strrchr(target->name, '/');
    const char *base = slash != NULL ? slash + 1 : target->name;
    size_t length = strlen(base);
    if (length > 2 && strcmp(base + length - 2, ".c") == 0)
        length -= 2;
    bool right = target->program != NULL &&
                 (target->program->role == ROLE_FIXED || target->program->role == ROLE_VARIANT);
    return talloc_asprintf(owner, "%s%.*s", right ? "fixed-" : "", (int)length, base);
}

/* The first finding has the name to itself; NAME-2.schedule is the second. */
static const char *schedule_path(const struct explore_command *command, const struct target *target,
                                 size_t index) {
    void *owner = command->naming.owner;
    if (command->schedule != NULL && index == 0)
        return command->schedule;
    const char *name = command->schedule != NULL ? command->schedule : stem(owner, target);
    size_t length = strlen(name), ending = strlen(".schedule");
    if (length > ending && strcmp(name + length - ending, ".schedule") == 0)
        length -= ending;
    return index == 0 ? talloc_asprintf(owner, "%s.schedule", name)
                      : talloc_asprintf(owner, "%.*s-%zu.schedule", (int)length, name, index + 1);
}

/* What it found when it started, for the schedule. */
static int tell_surroundings(const struct explore_command *command, struct schedule *schedule,
                             struct error *error) {
    const struct surrounding_options *around = &command->around;
    schedule->input = around->input;
    schedule->folder = around->folder;
    schedule->environment = around->environment;
    return around->input == NULL
               ? 0
               : checksum_content(around->surroundings.input, &schedule->input_checksum, error);
}

/* An option and its value as one word, which a line of the schedule takes; what it does not take is
 * left out. (If it mattered, the replay says that the program is another.) */
static const char *const *flags_of(void *owner, const struct target *target) {
    struct cc_line flags = {.owner = owner};
    const char *const *at = target->words.all;
    for (; at != NULL && *at != NULL; at += cc_word_read(at).count) {
        const char *flag = *at;
        if (cc_word_read(at).count == 2)
            flag = never_null(
                talloc_asprintf(owner, strncmp(*at, "--", 2) == 0 ? "%s=%s" : "%s%s", *at, at[1]));
        if (schedule_flag_is_harmless(flag))
            cc_line_add(&flags, flag);
    }
    return cc_line_words(&flags);
}

/* Where the program comes from, for the schedule. */
static void tell_origin(const struct explore_command *command, const struct target *target,
                        struct schedule *schedule) {
    static const char *const none[] = {NULL};
    void *owner = command->naming.owner;
    schedule->program = target->name;
    schedule->sources = schedule->flags = none;
    if (target->binary != NULL) {
        schedule->binary = target->name;
        return;
    }
    schedule->compiler = command->flavour->compiler;
    schedule->flags = flags_of(owner, target);
    if (target->program != NULL) {
        schedule->in_suite = target->program->path;
        return;
    }
    const char **sources = new_array(owner, const char *, command->naming.word_count + 1);
    for (size_t i = 0; i < command->naming.word_count; i++)
        sources[i] = command->naming.words[i];
    schedule->sources = sources;
}

static int write_schedules(const struct explore_command *command, const struct target *target,
                           const struct subject *subject, struct explored *explored,
                           struct error *error) {
    void *owner = command->naming.owner;
    size_t count = explored->outcome.findings.count;
    const char **paths = new_array(owner, const char *, count + 1);
    explored->schedules = paths;
    for (size_t i = 0; i < count; i++) {
        struct schedule schedule = {0};
        const char *path = schedule_path(command, target, i);
        tell_origin(command, target, &schedule);
        if (tell_surroundings(command, &schedule, error) != 0 ||
            schedule_take(owner, &explored->outcome, (int)i, &explored->options, subject, &schedule,
                          error) != 0)
            return -1;
        const char *text = schedule_text(owner, &schedule);
        struct error unwritten;
        if (file_replace(path, text, strlen(text), &unwritten) == 0)
            paths[i] = path;
        else /* what was found is worth more than its file */
            explored->unkept = talloc_strdup(owner, unwritten.text);
    }
    return 0;
}

/* The -O that it was compiled with, in any of its parts; NULL: none. */
static const char *level_of(const struct target *target) {
    const char *level = cc_words_level(target->words.compile);
    const struct cc_record *record = target->record;
    for (size_t i = 0; record != NULL && level == NULL && i < record->recipe.unit_count; i++)
        level = cc_words_level(record->recipe.units[i].words);
    return level;
}

/* ---- One program ----------------------------------------------------------------------- */

static int explore(const struct explore_command *command, struct batch_job *job,
                   struct explored *explored, struct error *error) {
    void *owner = command->naming.owner;
    const struct trial trial = {
        .detector = &explore_detector, .target = job->target, .build_folder = job->build_folder};
    const char *level = level_of(job->target);
    bool progress = isatty(STDERR_FILENO) != 0;
    struct subject subject;
    char *name = talloc_strdup(owner, job->target->name);
    if (options_for(command, job->target, &explored->options, error) != 0 ||
        trial_build(owner, &trial, command->flavour, &subject, &job->said, error) != 0)
        return -1;
    int result = explore_run(owner, &subject, &explored->options,
                             progress ? explored_progress : NULL, name, &explored->outcome, error);
    if (progress)
        explored_progress_end();
    if (result != 0)
        return -1;
    if (level != NULL)
        explored->outcome.detail = talloc_asprintf(
            owner, "%s; compiled with %s: accesses that the compiler merged are one",
            explored->outcome.detail, level);
    explored->outcome.detail = trial_note_age(owner, job->target, explored->outcome.detail);
    return write_schedules(command, job->target, &subject, explored, error);
}

/* ---- For the batch ------------------------------------------------------------------- */

/* Two programs would overwrite each other's schedules. */
static int choose(const void *options, struct targets *targets, struct error *error) {
    const struct explore_command *command = options;
    if (command->schedule != NULL && targets->count > 1)
        return fail(error, "--schedule is for one program, and %s are %zu",
                    command->naming.words[0], targets->count);
    return 0;
}

static int judge(const void *options, struct batch_job *job, void *result, struct error *error) {
    const struct explore_command *command = options;
    struct explored *explored = result;
    explored->program = job->target->name;
    explored->root = job->root;
    explored->outcome.detail = "";
    if (explore(command, job, explored, error) == 0)
        return 0;
    explored->failed = true;
    explored->outcome =
        (struct explore_outcome){.detail = talloc_strdup(command->naming.owner, error->text)};
    return -1;
}

static void print(FILE *out, const void *result) {
    explored_text(out, result);
}

static json_t *json(const void *result) {
    const struct explored *explored = result;
    if (explored->unkept != NULL)
        fprintf(stderr, "hazard: no schedule was kept: %s\n", explored->unkept);
    return explored_json(explored);
}

static int exit_code(const void *result) {
    const struct explored *explored = result;
    enum verdict verdict = explored->outcome.verdict;
    enum reaching reaching =
        explored->failed ? REACHING_NOT : reaching_of(&explored->outcome, &explored->options);
    if (reaching != REACHING_NOT)
        return reaching == REACHING_REACHED ? EXIT_CLEAN : EXIT_HAZARD;
    return verdict == VERDICT_FOUND    ? EXIT_HAZARD
           : verdict == VERDICT_PROVED ? EXIT_CLEAN
                                       : EXIT_UNDECIDED;
}

static const struct batch_command batch = {
    .result_size = sizeof(struct explored),
    .choose = choose,
    .judge = judge,
    .print = print,
    .json = json,
    .exit_code = exit_code,
};

/* ---- What it calls ------------------------------------------------------------------- */

static int list_calls(const void *options, struct batch_job *job, void *result,
                      struct error *error) {
    const struct explore_command *command = options;
    struct called_program *called = result;
    const struct trial trial = {
        .detector = &explore_detector, .target = job->target, .build_folder = job->build_folder};
    void *owner = command->naming.owner;
    struct subject subject;
    called->program = job->target->name;
    called->failed =
        trial_build(owner, &trial, command->flavour, &subject, &job->said, error) != 0 ||
        called_read(owner, subject.binary, &called->calls, error) != 0;
    return called->failed ? -1 : 0;
}

static void print_calls(FILE *out, const void *result) {
    called_text(out, result);
}

static json_t *json_of_calls(const void *result) {
    return called_json(result);
}

static int always_clean(const void *result) {
    (void)result;
    return EXIT_CLEAN;
}

static const struct batch_command calls_batch = {
    .result_size = sizeof(struct called_program),
    .judge = list_calls,
    .print = print_calls,
    .json = json_of_calls,
    .exit_code = always_clean,
};

int cmd_explore(int argc, char **argv) {
    void *owner = new_owner();
    const struct argp_child children[] = {
        {detector_options_argp(owner, &explore_detector), 0, NULL, 0},
        {&surrounding_options_argp, 0, NULL, 0},
        {0}};
    const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .children = children,
        .args_doc = "FILE.c... | BINARY | NAME... [-- ARGS]",
        .doc =
            "Runs a program under every schedule of its threads that differs, until one fails "
            "or all were tried.\v"
            "FILE.c... are the sources of one program of yours, BINARY is one that `hazard make' "
            "has built, NAME is a hazard of the suite, and stands for all its "
            "programs; a file of the suite is that program. " NAMING_HELP
            "-O LEVEL is the compiler's, too. A "
            "failing schedule is minimised, shown, and written to a file for `hazard "
            "replay'.\n\n"
            "Exit status: 0 proved: no schedule fails, 1 something was found, 2 misuse or "
            "hazard's own failure (a program that does not compile, or is not deterministic), 3 "
            "undecided (the budget ended first, or the program uses what explore cannot take).",
    };
    struct explore_command command = {.naming = {.owner = owner, .command = "explore"},
                                      .around = {.owner = owner},
                                      .tried = explore_default_options,
                                      .flavour = &flavour_explore};
    command.asked = (struct detector_options){
        .owner = owner, .detector = &explore_detector, .tried = &command.tried};
    argc = naming_split(&command.naming, &argp, argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    command.naming.surroundings = command.around.surroundings;
    int code =
        batch_run(command.calls ? &calls_batch : &batch, &command.naming, &command, command.json);
    talloc_free(owner);
    return code;
}
