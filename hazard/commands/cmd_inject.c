/* SPDX-License-Identifier: MIT */
/*
 * `hazard inject`: programs one after the other, each walked once from end to end. What the
 * catalogue says of a program of the suite goes before the defaults, and what the user says before
 * the catalogue.
 */
#include <argp.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/options.h"
#include "hazard/render/inject_render.h"
#include "hazard/replay/inject_gdb.h"
#include "hazard/root.h"
#include "hazard/suite/trial.h"

enum {
    OPTION_CHILD_EXIT = 256,
    OPTION_FROM,
    OPTION_UNTIL,
    OPTION_TWICE,
    OPTION_AT,
    OPTION_GDB,
    OPTION_POINTS,
    OPTION_SECONDS,
    OPTION_ALLOW_EXIT,
    OPTION_ANY_OUTPUT,
    OPTION_INSTRUCTIONS,
    OPTION_JSON
};

/* So many second signals in each place of a first one, where --twice does not say. */
#define USUAL_TWICE "16"

static const struct argp_option argp_options[] = {
    {"signal", 's', "SIG", 0, "The signal: SIGALRM, USR1, 14...", 1},
    {"child-exit", OPTION_CHILD_EXIT, NULL, 0,
     "It is SIGCHLD, and comes because a child ends just there", 1},
    {"from", OPTION_FROM, "FUNCTION", 0, "Begin where this function is entered (default: main)", 2},
    {"until", OPTION_UNTIL, "FUNCTION", 0,
     "End where this one has returned for the last time (default: where main returns)", 2},
    {"twice", OPTION_TWICE, "N", OPTION_ARG_OPTIONAL,
     "Also a second signal inside the handler of the first: N samples for each place of the first "
     "(default " USUAL_TWICE ")",
     2},
    {"allow-exit", OPTION_ALLOW_EXIT, "N", 0,
     "A run that ends with exit status N is no fault, whatever it prints", 2},
    {"any-output", OPTION_ANY_OUTPUT, NULL, 0, "What the program prints does not matter", 2},
    {"at", OPTION_AT, "K", 0, "Only at point K of the walk, with stacks", 3},
    {"gdb", OPTION_GDB, NULL, 0, "With --at: stop there in gdb", 3},
    {"parallel", 'j', "N", 0, "Share the points among N processes (default: one per processor)", 4},
    {"points", OPTION_POINTS, "N", 0, "At most so many (default 1000000; 0: no limit)", 4},
    {"seconds", OPTION_SECONDS, "N", 0, "End after so long (default: never)", 4},
    {"instructions", OPTION_INSTRUCTIONS, "N", 0,
     "A run that takes more after the signal has run away (default 10000000)", 4},
    {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 5},
    {0},
};

/* The options that inject_option_set takes, by their keys. */
static const struct {
    int key;
    const char *name, *value; /* of an option that has no value, or need not have one */
} words[] = {
    {'s', "signal", NULL},
    {OPTION_CHILD_EXIT, "child-exit", "true"},
    {OPTION_FROM, "from", NULL},
    {OPTION_UNTIL, "until", NULL},
    {OPTION_TWICE, "twice", USUAL_TWICE},
    {OPTION_ALLOW_EXIT, "allow-exit", NULL},
    {OPTION_ANY_OUTPUT, "any-output", "true"},
    {OPTION_AT, "at", NULL},
    {'j', "parallel", NULL},
    {OPTION_POINTS, "points", NULL},
    {OPTION_SECONDS, "seconds", NULL},
    {OPTION_INSTRUCTIONS, "instructions", NULL},
};
enum { WORDS = sizeof words / sizeof *words };

struct options {
    struct common_options common; /* words and args only */
    const char *given[WORDS];     /* the value of each of `words`; NULL: not given */
    bool gdb;
};

/* One by one, so that a wrong one is told before anything is built. */
static error_t take_word(struct options *options, int key, const char *value,
                         const struct argp_state *state) {
    struct inject_options tried = inject_default_options;
    struct error error;
    for (size_t i = 0; i < WORDS; i++) {
        if (words[i].key != key)
            continue;
        options->given[i] = value != NULL ? value : words[i].value;
        if (inject_option_set(&tried, words[i].name, options->given[i], &error) != 0)
            argp_error(state, "%s", error.text);
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

static const char *given(const struct options *options, int key) {
    size_t i = 0;
    while (words[i].key != key)
        i++;
    return options->given[i];
}

static void check_together(const struct options *options, const struct argp_state *state) {
    bool at = given(options, OPTION_AT) != NULL;
    if (options->gdb && !at)
        argp_error(state, "--gdb stops at one point: --at says which");
    if (options->gdb && at && strchr(given(options, OPTION_AT), '+') != NULL)
        argp_error(state, "--gdb stops before one signal: --at=K");
    if (options->gdb && options->common.json)
        argp_error(state, "--gdb prints no JSON");
    if (at && given(options, OPTION_TWICE) != NULL)
        argp_error(state, "--at is one point, --twice is for all: --at=K+N is a second signal");
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct options *options = state->input;
    struct common_options *common = &options->common;
    switch (key) {
    case OPTION_GDB:
        options->gdb = true;
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
    case ARGP_KEY_END:
        check_together(options, state);
        return 0;
    default:
        return take_word(options, key, argument, state);
    }
}

/* ---- What is asked ------------------------------------------------------------------- */

static int options_for(const struct options *options, const struct target *target,
                       struct inject_options *all, struct error *error) {
    *all = inject_default_options;
    all->jobs = options->common.parallel;
    const char *const *pair = target->program != NULL
                                  ? catalog_program_options(target->program, detector_inject.name)
                                  : NULL;
    for (; pair != NULL && *pair != NULL; pair += 2)
        if (inject_option_set(all, pair[0], pair[1], error) != 0)
            return -1;
    for (size_t i = 0; i < WORDS; i++)
        if (options->given[i] != NULL &&
            inject_option_set(all, words[i].name, options->given[i], error) != 0)
            return -1;
    return inject_options_check(all, error);
}

/* Of a program of the suite the catalogue says how it is to be tried, or the user must. */
static bool can_be_tried(const struct options *options, const struct target *target) {
    return target->program == NULL || given(options, 's') != NULL ||
           given(options, OPTION_CHILD_EXIT) != NULL ||
           catalog_expectation(target->program, detector_inject.name) != NULL;
}

/* What cannot be tried is left out, which is said where it was named and others were not. */
static void leave_out(const struct options *options, struct targets *targets) {
    size_t kept = 0;
    bool any = false;
    for (size_t i = 0; i < targets->count; i++)
        any = any || can_be_tried(options, &targets->items[i]);
    for (size_t i = 0; i < targets->count; i++)
        if (can_be_tried(options, &targets->items[i]))
            targets->items[kept++] = targets->items[i];
        else if (any && options->common.word_count > 0)
            fprintf(stderr, "hazard: %s is left out: the catalogue has no signal for it\n",
                    targets->items[i].name);
    targets->count = kept;
}

static int choose_targets(const struct options *options, struct targets *targets,
                          struct error *error) {
    const char *named = options->common.word_count > 0 ? options->common.words[0] : "the suite";
    leave_out(options, targets);
    if (targets->count == 0)
        return fail(error,
                    "the catalogue has no signal for %s: --signal says which; SIGALRM, SIGUSR1, "
                    "SIGINT, SIGTERM and SIGCHLD (with --child-exit) are usual",
                    named);
    if (targets->count > 1 && given(options, OPTION_AT) != NULL)
        return fail(error,
                    "--at is for one program, and %s has %zu: name its file, with --signal and its "
                    "arguments",
                    named, targets->count);
    return 0;
}

/* ---- The command for one point ------------------------------------------------------- */

static char *add_quoted(char *line, const char *word) {
    bool plain = *word != '\0';
    for (const char *at = word; *at != '\0'; at++)
        plain = plain && (isalnum((unsigned char)*at) || strchr("_-./=+,:@%", *at) != NULL);
    if (plain)
        return talloc_asprintf_append(line, " %s", word);
    line = talloc_strdup_append(line, " '");
    for (const char *at = word; *at != '\0'; at++)
        line =
            *at == '\'' ? talloc_strdup_append(line, "'\\''") : talloc_strndup_append(line, at, 1);
    return talloc_strdup_append(line, "'");
}

/* A program of the suite is named by its file, where that lies below this folder, else whole. */
static char *add_program(char *line, const struct options *options, const struct target *target) {
    if (target->program != NULL)
        return add_quoted(line, access(target->program->path, R_OK) == 0
                                    ? target->program->path
                                    : target->sources.paths[0]);
    for (size_t i = 0; i < options->common.word_count; i++)
        line = add_quoted(line, options->common.words[i]);
    return line;
}

static const char *command_for_one(const struct options *options, const struct target *target,
                                   const struct subject *subject,
                                   const struct inject_options *all) {
    char *line = talloc_asprintf(options->common.owner, " --signal=%s%s", signal_name(all->signal),
                                 all->child_exit ? " --child-exit" : "");
    if (all->from != NULL)
        line = talloc_asprintf_append(line, " --from=%s", all->from);
    if (all->until != NULL)
        line = talloc_asprintf_append(line, " --until=%s", all->until);
    if (all->allow_exit >= 0)
        line = talloc_asprintf_append(line, " --allow-exit=%d", (int)all->allow_exit);
    if (all->any_output)
        line = talloc_strdup_append(line, " --any-output");
    line = add_program(line, options, target);
    if (subject->args[0] != NULL)
        line = talloc_strdup_append(line, " --");
    for (const char *const *arg = subject->args; *arg != NULL; arg++)
        line = add_quoted(line, *arg);
    return never_null(line);
}

/* ---- All of it ----------------------------------------------------------------------- */

struct all_injected {
    struct injected *items;
    size_t count;
    bool debugged; /* gdb was there: nothing is to be printed */
};

static int inject_target(const struct options *options, const struct target *target,
                         const char *build_folder, struct injected *injected, const char **said,
                         struct error *error) {
    void *owner = options->common.owner;
    const struct trial trial = {
        .detector = &detector_inject, .target = target, .build_folder = build_folder};
    bool progress = isatty(STDERR_FILENO) != 0;
    struct subject subject;
    if (options_for(options, target, &injected->options, error) != 0 ||
        trial_build(owner, &trial, &flavour_plain, &subject, said, error) != 0)
        return -1;
    if (options->gdb)
        return inject_gdb(owner, &subject, &injected->options, error);
    injected->again = command_for_one(options, target, &subject, &injected->options);
    int result =
        inject_run(owner, &subject, &injected->options, progress ? injected_progress : NULL,
                   injected, &injected->report, error);
    if (progress)
        injected_progress_end();
    return result;
}

static int inject_all(const struct options *options, struct all_injected *all, const char **said,
                      struct error *error) {
    void *owner = options->common.owner;
    struct named named;
    if (common_targets(&options->common, &named, error) != 0 ||
        choose_targets(options, &named.targets, error) != 0)
        return -1;
    const char *scratch = root_scratch(owner, error);
    if (scratch == NULL)
        return -1;
    all->items = new_array(owner, struct injected, named.targets.count);
    int result = 0;
    for (; result == 0 && all->count < named.targets.count && !run_interrupted(); all->count++) {
        const struct target *target = &named.targets.items[all->count];
        struct injected *injected = &all->items[all->count];
        injected->program = target->name;
        injected->root = named.root;
        injected->report.detail = "";
        result =
            inject_target(options, target, target->program != NULL ? named.build_folder : scratch,
                          injected, said, error);
        injected->failed = result != 0;
        if (result != 0)
            injected->report = (struct inject_report){.detail = talloc_strdup(owner, error->text)};
    }
    folder_remove(scratch);
    return result;
}

static void print_all(const struct options *options, const struct all_injected *all) {
    json_t *array = json_array();
    for (size_t i = 0; i < all->count; i++) {
        if (options->common.json) {
            json_array_append_new(array, injected_json(&all->items[i]));
            continue;
        }
        if (i > 0)
            putchar('\n');
        injected_text(stdout, &all->items[i]);
    }
    if (options->common.json && all->count > 0) {
        json_dumpf(all->count == 1 ? json_array_get(array, 0) : array, stdout,
                   JSON_INDENT(2) | JSON_REAL_PRECISION(6));
        putchar('\n');
    }
    json_decref(array);
}

/* One point that does no harm proves nothing of the others, but that was not the question. */
static bool is_clean(const struct injected *injected) {
    const struct inject_report *report = &injected->report;
    return report->verdict == VERDICT_PROVED ||
           (injected->options.at >= 0 && report->counts[ENDING_WELL] == 1);
}

static int exit_code(const struct all_injected *all) {
    int code = EXIT_CLEAN;
    for (size_t i = 0; i < all->count; i++) {
        if (all->items[i].report.verdict == VERDICT_FOUND)
            return EXIT_HAZARD;
        if (!is_clean(&all->items[i]))
            code = EXIT_UNDECIDED;
    }
    return run_interrupted() ? EXIT_UNDECIDED : code;
}

static int run(const struct options *options) {
    struct all_injected all = {0};
    struct error error;
    const char *said = NULL;
    int result = inject_all(options, &all, &said, &error);
    if (result == 0 && options->gdb)
        return EXIT_CLEAN;
    print_all(options, &all);
    if (result == 0)
        return exit_code(&all);
    (void)fflush(stdout);
    if (said != NULL)
        fputs(said, stderr);
    fprintf(stderr, "hazard: %s\n", error.text);
    return run_interrupted() ? EXIT_UNDECIDED : EXIT_TROUBLE;
}

int cmd_inject(int argc, char **argv) {
    static const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .args_doc = "FILE.c... | BINARY | NAME... [-- ARGS]",
        .doc = "Lets a signal come at every instruction of a program, one after the other, and "
               "says at which of them it does harm.\v"
               "FILE.c... are the sources of one program of yours, BINARY is any program that can "
               "be run, NAME is a hazard of the suite, and stands for all its programs that the "
               "catalogue has a signal for. The program and its libraries are unmodified.\n\n"
               "Exit status: 0 proved: at no point does it harm, 1 something was found, 2 misuse "
               "or hazard's own failure (a program that does not compile; ptrace is forbidden), 3 "
               "undecided (the budget ended first, or the program does what inject cannot take).",
    };
    void *owner = new_owner();
    struct options options = {0};
    common_options_init(&options.common, owner);
    argc = common_options_split(&options.common, argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    run_catch_interrupts();
    int code = run(&options);
    talloc_free(owner);
    return code;
}
