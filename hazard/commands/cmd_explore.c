/* SPDX-License-Identifier: MIT */
/*
 * `hazard explore`: programs one after the other, each to its verdict, with a schedule file for
 * each finding. What the catalogue says of a program of the suite goes before the defaults, and
 * what the user says before the catalogue.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "explore/front/schedule.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/options.h"
#include "hazard/render/explore_render.h"
#include "hazard/render/parts.h"
#include "hazard/root.h"
#include "hazard/suite/trial.h"

enum {
    OPTION_STRATEGY = 256,
    OPTION_SEED,
    OPTION_BOUND,
    OPTION_EXECUTIONS,
    OPTION_STEPS,
    OPTION_SECONDS,
    OPTION_SPURIOUS,
    OPTION_RACES,
    OPTION_ORDERED,
    OPTION_KEEP_GOING,
    OPTION_NO_MINIMISE,
    OPTION_COMPILER,
    OPTION_SCHEDULE,
    OPTION_JSON
};

static const struct argp_option argp_options[] = {
    {"strategy", OPTION_STRATEGY, "NAME", 0,
     "How schedules are chosen: dpor (default) and dfs try all, bound those with few preemptions; "
     "random, pct and pos are samples",
     1},
    {"bound", OPTION_BOUND, "N", 0, "Of bound: preemptions; of pct: the depth of the bug", 1},
    {"seed", OPTION_SEED, "N", 0, "Of the random strategies (default 0)", 1},
    {"parallel", 'j', "N", 0, "Share the search among N processes (default 1)", 1},
    {"races", OPTION_RACES, "WHAT", 0,
     "stop at the first data race (default), report them and go on, or ignore them", 2},
    {"spurious", OPTION_SPURIOUS, "N", 0,
     "In one execution each thread may wake up for nothing N times (default 1)", 2},
    {"ordered-output", OPTION_ORDERED, NULL, 0,
     "Executions whose lines of output come in another order differ", 2},
    {"keep-going", OPTION_KEEP_GOING, NULL, 0,
     "Go on after a finding, and report each that differs", 2},
    {"executions", OPTION_EXECUTIONS, "N", 0,
     "At most so many (default 1000000, or 10000 of a sample; 0: no limit)", 3},
    {"steps", OPTION_STEPS, "N", 0, "At most so many in one execution (default 20000)", 3},
    {"seconds", OPTION_SECONDS, "N", 0, "End after so long (default: never)", 3},
    {"no-minimise", OPTION_NO_MINIMISE, NULL, 0,
     "Keep the failing schedule as it was found, with all its switches", 4},
    {"schedule", OPTION_SCHEDULE, "FILE", 0,
     "Where the failing schedule goes (default NAME.schedule, here)", 4},
    {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 4},
    {"compiler", OPTION_COMPILER, "NAME", 0, "gcc (default) or clang", 5},
    {"optimise", 'O', "LEVEL", 0, "Of the compiler: 0 (default), 1, 2, 3, g or s", 5},
    {0},
};

/* The options that explore_option_set takes, by their keys. */
static const struct {
    int key;
    const char *name;
} words[] = {
    {OPTION_STRATEGY, "strategy"}, {OPTION_BOUND, "bound"},
    {OPTION_SEED, "seed"},         {'j', "parallel"},
    {OPTION_RACES, "races"},       {OPTION_SPURIOUS, "spurious"},
    {OPTION_STEPS, "steps"},       {OPTION_EXECUTIONS, "executions"},
    {OPTION_SECONDS, "seconds"},
};
enum { WORDS = sizeof words / sizeof *words };

struct options {
    struct common_options common; /* words and args only */
    const char *given[WORDS];     /* the value of each of `words`; NULL: not given */
    struct explore_options rest;  /* what has no value: ordered, keep-going, no-minimise */
    const struct flavour *flavour;
    const char *flags[2]; /* of the compiler, beyond the flavour's: "-O1" */
    const char *schedule;
};

/* One by one, so that a wrong one is told before anything is built. */
static void take_word(struct options *options, int key, const char *value,
                      const struct argp_state *state) {
    struct explore_options tried = explore_default_options;
    struct error error;
    for (size_t i = 0; i < WORDS; i++) {
        if (words[i].key != key)
            continue;
        if (explore_option_set(&tried, words[i].name, value, &error) != 0)
            argp_error(state, "%s", error.text);
        options->given[i] = value;
    }
}

static void take_level(struct options *options, const char *level, const struct argp_state *state) {
    if (strlen(level) != 1 || strchr("0123gs", *level) == NULL)
        argp_error(state, "-O takes 0, 1, 2, 3, g or s, not '%s'", level);
    options->flags[0] =
        *level == '0' ? NULL : never_null(talloc_asprintf(options->common.owner, "-O%s", level));
}

static void take_compiler(struct options *options, const char *name,
                          const struct argp_state *state) {
    struct error error;
    options->flavour = explore_flavour(name, &error);
    if (options->flavour == NULL)
        argp_error(state, "%s", error.text);
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct options *options = state->input;
    struct common_options *common = &options->common;
    switch (key) {
    case OPTION_ORDERED:
        options->rest.output = true;
        return 0;
    case OPTION_KEEP_GOING:
        options->rest.keep_going = true;
        return 0;
    case OPTION_NO_MINIMISE:
        options->rest.minimise = false;
        return 0;
    case OPTION_COMPILER:
        take_compiler(options, argument, state);
        return 0;
    case 'O':
        take_level(options, argument, state);
        return 0;
    case OPTION_SCHEDULE:
        options->schedule = argument;
        return 0;
    case OPTION_JSON:
        common->json = true;
        return 0;
    case ARGP_KEY_ARG:
        common->words =
            grow_array(common->owner, common->words, const char *, common->word_count + 1);
        common->words[common->word_count++] = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which program?");
        return 0;
    default:
        if (argument == NULL || (key < 256 && key != 'j'))
            return ARGP_ERR_UNKNOWN;
        take_word(options, key, argument, state);
        return 0;
    }
}

/* ---- What is asked ------------------------------------------------------------------- */

static int options_for(const struct options *options, const struct target *target,
                       struct explore_options *all, struct error *error) {
    *all = options->rest;
    const char *const *pair = target->program != NULL
                                  ? catalog_program_options(target->program, detector_explore.name)
                                  : NULL;
    for (; pair != NULL && *pair != NULL; pair += 2)
        if (explore_option_set(all, pair[0], pair[1], error) != 0)
            return -1;
    for (size_t i = 0; i < WORDS; i++)
        if (options->given[i] != NULL &&
            explore_option_set(all, words[i].name, options->given[i], error) != 0)
            return -1;
    for (size_t i = 0; i < WORDS; i++)
        if (options->given[i] != NULL &&
            explore_option_fits(words[i].name, all->strategy, error) != 0)
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
static const char *schedule_path(const struct options *options, const struct target *target,
                                 size_t index) {
    void *owner = options->common.owner;
    if (options->schedule != NULL && index == 0)
        return options->schedule;
    const char *name = options->schedule != NULL ? options->schedule : stem(owner, target);
    size_t length = strlen(name), ending = strlen(".schedule");
    if (length > ending && strcmp(name + length - ending, ".schedule") == 0)
        length -= ending;
    return index == 0 ? talloc_asprintf(owner, "%s.schedule", name)
                      : talloc_asprintf(owner, "%.*s-%zu.schedule", (int)length, name, index + 1);
}

/* Where the program comes from, for the schedule. */
static void tell_origin(const struct options *options, const struct target *target,
                        struct schedule *schedule) {
    static const char *const none[] = {NULL};
    void *owner = options->common.owner;
    schedule->program = target->name;
    schedule->sources = schedule->flags = none;
    if (target->binary != NULL) {
        schedule->binary = target->name;
        return;
    }
    schedule->compiler = options->flavour->compiler;
    schedule->flags = options->flags;
    if (target->program != NULL) {
        schedule->in_suite = target->program->path;
        return;
    }
    const char **sources = new_array(owner, const char *, options->common.word_count + 1);
    for (size_t i = 0; i < options->common.word_count; i++)
        sources[i] = options->common.words[i];
    schedule->sources = sources;
}

static int write_schedules(const struct options *options, const struct target *target,
                           const struct subject *subject, struct explored *explored,
                           struct error *error) {
    void *owner = options->common.owner;
    size_t count = explored->outcome.findings.count;
    const char **paths = new_array(owner, const char *, count + 1);
    explored->schedules = paths;
    for (size_t i = 0; i < count; i++) {
        struct schedule schedule = {0};
        const char *path = schedule_path(options, target, i);
        tell_origin(options, target, &schedule);
        if (schedule_take(owner, &explored->outcome, (int)i, &explored->options, subject, &schedule,
                          error) != 0)
            return -1;
        const char *text = schedule_text(owner, &schedule);
        if (file_replace(path, text, strlen(text), error) != 0)
            return -1;
        paths[i] = path;
    }
    return 0;
}

/* ---- All of it ----------------------------------------------------------------------- */

static int explore_target(const struct options *options, const struct target *target,
                          const char *build_folder, struct explored *explored, const char **said,
                          struct error *error) {
    void *owner = options->common.owner;
    const struct trial trial = {
        .detector = &detector_explore, .target = target, .build_folder = build_folder};
    const struct flavour *flavour = options->flags[0] == NULL
                                        ? options->flavour
                                        : flavour_with(owner, options->flavour, options->flags);
    bool progress = isatty(STDERR_FILENO) != 0;
    struct subject subject;
    char *name = talloc_strdup(owner, target->name);
    if (options_for(options, target, &explored->options, error) != 0 ||
        trial_build(owner, &trial, flavour, &subject, said, error) != 0)
        return -1;
    int result = explore_run(owner, &subject, &explored->options,
                             progress ? explored_progress : NULL, name, &explored->outcome, error);
    if (progress)
        explored_progress_end();
    if (result != 0)
        return -1;
    if (options->flags[0] != NULL)
        explored->outcome.detail = talloc_asprintf(
            owner, "%s; compiled with %s: accesses that the compiler merged are one",
            explored->outcome.detail, options->flags[0]);
    return write_schedules(options, target, &subject, explored, error);
}

struct all_explored {
    struct explored *items;
    size_t count;
};

static int explore_all(const struct options *options, struct all_explored *all, const char **said,
                       struct error *error) {
    void *owner = options->common.owner;
    struct named named;
    if (common_targets(&options->common, &named, error) != 0)
        return -1;
    if (options->schedule != NULL && named.targets.count > 1)
        return fail(error, "--schedule is for one program, and %s are %zu",
                    options->common.words[0], named.targets.count);
    const char *scratch = root_scratch(owner, error);
    if (scratch == NULL)
        return -1;
    all->items = new_array(owner, struct explored, named.targets.count);
    int result = 0;
    for (; result == 0 && all->count < named.targets.count && !run_interrupted(); all->count++) {
        const struct target *target = &named.targets.items[all->count];
        struct explored *explored = &all->items[all->count];
        explored->program = target->name;
        explored->root = named.root;
        explored->options = options->rest;
        explored->outcome.detail = "";
        result =
            explore_target(options, target, target->program != NULL ? named.build_folder : scratch,
                           explored, said, error);
        explored->failed = result != 0;
        if (result != 0)
            explored->outcome =
                (struct explore_outcome){.detail = talloc_strdup(owner, error->text)};
    }
    folder_remove(scratch);
    return result;
}

static void print_all(const struct options *options, const struct all_explored *all) {
    json_t *array = json_array();
    for (size_t i = 0; i < all->count; i++) {
        if (options->common.json) {
            json_array_append_new(array, explored_json(&all->items[i]));
            continue;
        }
        if (i > 0)
            putchar('\n');
        explored_text(stdout, &all->items[i]);
    }
    if (options->common.json && all->count > 0) {
        json_dumpf(all->count == 1 ? json_array_get(array, 0) : array, stdout,
                   JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        putchar('\n');
    }
    json_decref(array);
}

static int exit_code(const struct all_explored *all) {
    int code = EXIT_CLEAN;
    for (size_t i = 0; i < all->count; i++) {
        enum verdict verdict = all->items[i].outcome.verdict;
        if (verdict == VERDICT_FOUND)
            return EXIT_HAZARD;
        if (verdict != VERDICT_PROVED)
            code = EXIT_UNDECIDED;
    }
    return run_interrupted() ? EXIT_UNDECIDED : code;
}

int cmd_explore(int argc, char **argv) {
    static const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .args_doc = "FILE.c... | BINARY | NAME... [-- ARGS]",
        .doc = "Runs a program under every schedule of its threads that differs, until one fails "
               "or all were tried.\v"
               "FILE.c... are the sources of one program of yours, BINARY is one that `hazard cc' "
               "has built, NAME is a hazard of the suite, and stands for all its programs. A "
               "failing schedule is minimised, shown, and written to a file for `hazard "
               "replay'.\n\n"
               "Exit status: 0 proved: no schedule fails, 1 something was found, 2 misuse or "
               "hazard's own failure (a program that does not compile, or is not deterministic), 3 "
               "undecided (the budget ended first, or the program uses what explore cannot take).",
    };
    void *owner = new_owner();
    struct options options = {.rest = explore_default_options, .flavour = &flavour_explore};
    common_options_init(&options.common, owner);
    argc = common_options_split(&options.common, argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &options);

    run_catch_interrupts();
    struct all_explored all = {0};
    struct error error;
    const char *said = NULL;
    int result = explore_all(&options, &all, &said, &error);
    print_all(&options, &all);
    int code = exit_code(&all);
    if (result != 0) {
        (void)fflush(stdout);
        if (said != NULL)
            fputs(said, stderr);
        fprintf(stderr, "hazard: %s\n", error.text);
        code = run_interrupted() ? EXIT_UNDECIDED : EXIT_TROUBLE;
    }
    talloc_free(owner);
    return code;
}
