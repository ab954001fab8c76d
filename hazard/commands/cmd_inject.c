/* SPDX-License-Identifier: MIT */
/* `hazard inject`: programs one after the other, each walked once from end to end. */
#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/commands/batch.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/detector_options.h"
#include "hazard/commands/surrounding_options.h"
#include "hazard/render/injected.h"
#include "hazard/replay/inject_gdb.h"
#include "hazard/shell_line.h"
#include "hazard/suite/trial.h"
#include "inject/report/inject_detector.h"

enum { OPTION_GDB = 256, OPTION_JSON };

/* Beside those of the detector. */
static const struct argp_option argp_options[] = {
    {"gdb", OPTION_GDB, NULL, 0, "With --at: stop there in gdb", 3},
    {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 5},
    {0},
};

struct inject_command {
    struct naming naming;
    struct detector_options asked;
    struct surrounding_options around;
    struct inject_options tried; /* of `asked` */
    bool json, gdb;
};

static const char *given(const struct inject_command *command, const char *name) {
    return detector_options_given(&command->asked, name);
}

static void check_together(const struct inject_command *command, const struct argp_state *state) {
    bool at = given(command, "at") != NULL;
    if (command->gdb && !at)
        argp_error(state, "--gdb stops at one point: --at says which");
    if (command->gdb && at && strchr(given(command, "at"), '+') != NULL)
        argp_error(state, "--gdb stops before one signal: --at=K");
    if (command->gdb && command->json)
        argp_error(state, "--gdb prints no JSON");
    if (at && given(command, "twice") != NULL)
        argp_error(state, "--at is one point, --twice is for all: --at=K+N is a second signal");
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct inject_command *command = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &command->asked;
        state->child_inputs[1] = &command->around;
        return 0;
    case OPTION_GDB:
        command->gdb = true;
        return 0;
    case OPTION_JSON:
        command->json = true;
        return 0;
    case ARGP_KEY_ARG:
        naming_add(&command->naming, argument);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which program?");
        return 0;
    case ARGP_KEY_END:
        check_together(command, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- What is asked ------------------------------------------------------------------- */

static int options_for(const struct inject_command *command, const struct target *target,
                       struct inject_options *all, struct error *error) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *all = inject_default_options;
    all->jobs = processors > 0 ? (int)processors : 1;
    if (detector_options_apply(&command->asked, target, all, error) != 0)
        return -1;
    return inject_options_check(all, error);
}

/* Of a program of the suite the catalogue says how it is to be tried, or the user must. */
static bool can_be_tried(const struct inject_command *command, const struct target *target) {
    return target->program == NULL || given(command, "signal") != NULL ||
           given(command, "child-exit") != NULL ||
           catalog_expectation(target->program, inject_detector.name) != NULL;
}

/* What cannot be tried is left out, which is said where it was named and others were not. */
static void leave_out(const struct inject_command *command, struct targets *targets) {
    size_t kept = 0;
    bool any = false;
    for (size_t i = 0; i < targets->count; i++)
        any = any || can_be_tried(command, &targets->items[i]);
    for (size_t i = 0; i < targets->count; i++)
        if (can_be_tried(command, &targets->items[i]))
            targets->items[kept++] = targets->items[i];
        else if (any && command->naming.word_count > 0)
            fprintf(stderr, "hazard: %s is left out: the catalogue has no signal for it\n",
                    targets->items[i].name);
    targets->count = kept;
}

static int choose(const void *options, struct targets *targets, struct error *error) {
    const struct inject_command *command = options;
    const char *named = command->naming.word_count > 0 ? command->naming.words[0] : "the suite";
    leave_out(command, targets);
    if (targets->count == 0)
        return fail(error,
                    "the catalogue has no signal for %s: --signal says which; SIGALRM, SIGUSR1, "
                    "SIGINT, SIGTERM and SIGCHLD (with --child-exit) are usual",
                    named);
    if (targets->count > 1 && given(command, "at") != NULL)
        return fail(error, "--at is for one program, and %s has %zu: name its file", named,
                    targets->count);
    return 0;
}

/* ---- The command for one point ------------------------------------------------------- */

/* A program of the suite is named by its file, where that lies below this folder, else whole. */
static char *add_program(char *line, const struct inject_command *command,
                         const struct target *target) {
    if (target->program != NULL)
        return shell_line_add(line, access(target->program->path, R_OK) == 0
                                        ? target->program->path
                                        : target->sources.paths[0]);
    return naming_repeat(line, &command->naming);
}

static const char *command_for_one(const struct inject_command *command,
                                   const struct target *target, const struct subject *subject,
                                   const struct inject_options *all) {
    char *line = never_null(talloc_strdup(command->naming.owner, ""));
    line = detector_options_repeat(line, &inject_detector, all, &inject_default_options);
    line = surrounding_options_repeat(line, &command->around);
    line = add_program(line, command, target);
    if (subject->args[0] != NULL)
        line = shell_line_add(line, "--");
    for (const char *const *arg = subject->args; *arg != NULL; arg++)
        line = shell_line_add(line, *arg);
    return line;
}

/* ---- One program ----------------------------------------------------------------------- */

static int inject(const struct inject_command *command, struct batch_job *job,
                  struct injected *injected, struct error *error) {
    void *owner = command->naming.owner;
    const struct trial trial = {
        .detector = &inject_detector, .target = job->target, .build_folder = job->build_folder};
    bool progress = isatty(STDERR_FILENO) != 0;
    struct subject subject;
    if (options_for(command, job->target, &injected->options, error) != 0 ||
        trial_build(owner, &trial, &flavour_plain, &subject, &job->said, error) != 0)
        return -1;
    if (command->gdb)
        return inject_gdb(owner, &subject, &injected->options, error);
    injected->again = command_for_one(command, job->target, &subject, &injected->options);
    int result =
        inject_run(owner, &subject, &injected->options, progress ? injected_progress : NULL,
                   injected, &injected->report, error);
    if (progress)
        injected_progress_end();
    return result;
}

/* ---- For the batch ------------------------------------------------------------------- */

static int judge(const void *options, struct batch_job *job, void *result, struct error *error) {
    const struct inject_command *command = options;
    struct injected *injected = result;
    injected->program = job->target->name;
    injected->root = job->root;
    injected->report.detail = "";
    if (inject(command, job, injected, error) == 0)
        return 0;
    injected->failed = true;
    injected->report =
        (struct inject_report){.detail = talloc_strdup(command->naming.owner, error->text)};
    return -1;
}

static void print(FILE *out, const void *result) {
    injected_text(out, result);
}

static json_t *json(const void *result) {
    return injected_json(result);
}

/* One point that does no harm proves nothing of the others, but that was not the question. */
static int exit_code(const void *result) {
    const struct injected *injected = result;
    const struct inject_report *report = &injected->report;
    if (report->verdict == VERDICT_FOUND)
        return EXIT_HAZARD;
    bool clean = report->verdict == VERDICT_PROVED ||
                 (injected->options.at >= 0 && report->counts[ENDING_WELL] == 1);
    return clean ? EXIT_CLEAN : EXIT_UNDECIDED;
}

static const struct batch_command batch = {
    .result_size = sizeof(struct injected),
    .choose = choose,
    .judge = judge,
    .print = print,
    .json = json,
    .exit_code = exit_code,
};

/* With --gdb: the user has seen all there is, and judges himself. */
static void print_nothing(FILE *out, const void *result) {
    (void)out;
    (void)result;
}

static int no_verdict(const void *result) {
    (void)result;
    return EXIT_CLEAN;
}

static const struct batch_command batch_gdb = {
    .result_size = sizeof(struct injected),
    .choose = choose,
    .judge = judge,
    .print = print_nothing,
    .exit_code = no_verdict,
};

int cmd_inject(int argc, char **argv) {
    void *owner = new_owner();
    const struct argp_child children[] = {
        {detector_options_argp(owner, &inject_detector), 0, NULL, 0},
        {&surrounding_options_argp, 0, NULL, 0},
        {0}};
    const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .children = children,
        .args_doc = "FILE.c... | BINARY | NAME... [-- ARGS]",
        .doc =
            "Lets a signal come at every instruction of a program, one after the other, and "
            "says at which of them it does harm.\v"
            "FILE.c... are the sources of one program of yours, BINARY is any program that can "
            "be run, NAME is a hazard of the suite, and stands for all its programs that the "
            "catalogue has a signal for; a file of the suite is that program. The program and its "
            "libraries are unmodified. " NAMING_HELP
            "-s before a file or an option is the compiler's.\n\n"
            "Exit status: 0 proved: at no point does it harm, 1 something was found, 2 misuse "
            "or hazard's own failure (a program that does not compile; ptrace is forbidden), 3 "
            "undecided (the budget ended first, or the program does what inject cannot take).",
    };
    struct inject_command command = {.naming = {.owner = owner, .command = "inject"},
                                     .around = {.owner = owner},
                                     .tried = inject_default_options};
    command.asked = (struct detector_options){
        .owner = owner, .detector = &inject_detector, .tried = &command.tried};
    argc = naming_split(&command.naming, &argp, argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    command.naming.surroundings = command.around.surroundings;
    int code =
        batch_run(command.gdb ? &batch_gdb : &batch, &command.naming, &command, command.json);
    talloc_free(owner);
    return code;
}
