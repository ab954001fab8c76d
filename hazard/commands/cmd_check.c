/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "detector.h"
#include "explore/front/explore_detector.h"
#include "hazard/commands/batch.h"
#include "hazard/commands/checking.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/lesson_hint.h"
#include "hazard/commands/surrounding_options.h"
#include "hazard/commands/watching.h"
#include "hazard/render/render_json.h"
#include "hazard/render/render_text.h"
#include "hazard/shell_line.h"
#include "hazard/suite/suite.h"
#include "inject/inject_options.h"
#include "probe/probe_options.h"

struct check_command {
    struct checking checking;
    const char **told; /* pairs for inject and probe, then NULL */
    size_t told_count; /* words */
    struct surrounding_options around;
    bool watch;
};

enum {
    OPTION_WATCH = 256,
    OPTION_SUPPRESSIONS,
    OPTION_SIGNAL,
    OPTION_CHILD_EXIT,
    OPTION_DIALOGUE,
    OPTION_HTTP,
    OPTION_ORIGIN
};

static const struct argp_option argp_options[] = {
    {"suppressions", OPTION_SUPPRESSIONS, "FILE", 0,
     "False alarms that the tool is to leave out, in its own format: ThreadSanitizer's or "
     "Valgrind's; one file of each",
     1},
    {"signal", OPTION_SIGNAL, "SIG", 0,
     "inject applies: SIG comes before each instruction of your program (hazard inject has more)",
     1},
    {"child-exit", OPTION_CHILD_EXIT, NULL, 0,
     "inject applies: SIGCHLD comes before each instruction, as a child ends just there", 1},
    {"dialogue", OPTION_DIALOGUE, "FILE", 0,
     "Like --server; what its clients say under probe (DIALOGUE FILES in man hazard)", 1},
    {"http", OPTION_HTTP, "PATH", OPTION_ARG_OPTIONAL,
     "Like --server; under probe its clients GET PATH (default /)", 1},
    {"origin", OPTION_ORIGIN, NULL, 0,
     "Like --server; it is an HTTP proxy, and probe puts a server of its own behind it", 1},
    {"watch", OPTION_WATCH, NULL, 0, "Check again whenever a source changes, until Ctrl-C", 1},
    {0},
};

/* What the options below say, for the detector that knows them. */
static const struct telling {
    int key;
    const char *name, *alone; /* `alone`: its value where none is given */
} tellings[] = {
    {OPTION_SIGNAL, "signal", NULL},     {OPTION_CHILD_EXIT, "child-exit", "true"},
    {OPTION_DIALOGUE, "dialogue", NULL}, {OPTION_HTTP, "http", "/"},
    {OPTION_ORIGIN, "origin", "true"},
};

static const struct telling *find_telling(int key) {
    for (size_t i = 0; i < sizeof tellings / sizeof *tellings; i++)
        if (tellings[i].key == key)
            return &tellings[i];
    return NULL;
}

/* One of the two is enough: what comes as a child ends is SIGCHLD. */
static int check_inject(void *owner, const char *const *told, struct error *error) {
    struct inject_options tried = inject_default_options;
    const char *const *known = option_pairs_known(owner, inject_options_table, told);
    if (known != NULL && known[2] != NULL && strcmp(known[0], known[2]) != 0)
        return fail(error, "--signal and --child-exit: one of them");
    return option_set_pairs(inject_options_table, &tried, known, error);
}

static int check_probe(void *owner, const char *const *told, struct error *error) {
    struct probe_options tried = {.steps = PROBE_ALL_STEPS};
    const char *const *known = option_pairs_known(owner, probe_options_table, told);
    return option_set_pairs(probe_options_table, &tried, known, error) != 0 ||
                   probe_options_check(&tried, error) != 0 ||
                   probe_options_read(owner, &tried, error) != 0
               ? -1
               : 0;
}

static int tell(struct check_command *command, const struct telling *telling, const char *value,
                struct error *error) {
    void *owner = command->around.owner;
    command->told = grow_array(owner, command->told, const char *, command->told_count + 3);
    command->told[command->told_count++] = telling->name;
    command->told[command->told_count++] = value != NULL ? value : telling->alone;
    command->told[command->told_count] = NULL;
    command->checking.told = command->told;
    return check_inject(owner, command->told, error) != 0 ||
                   check_probe(owner, command->told, error) != 0
               ? -1
               : 0;
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct check_command *command = state->input;
    struct error error;
    const struct telling *telling = find_telling(key);
    if (telling != NULL) {
        if (tell(command, telling, argument, &error) != 0)
            argp_error(state, "%s", error.text);
        if (option_find(probe_options_table, telling->name) != NULL)
            checking_serve(&command->checking);
        return 0;
    }
    if (key == OPTION_WATCH) {
        command->watch = true;
        return 0;
    }
    if (key == OPTION_SUPPRESSIONS) {
        if (suppressions_add(command->around.owner, argument, &command->checking.suppressions,
                             &error) != 0)
            argp_failure(state, EXIT_TROUBLE, 0, "%s", error.text);
        return 0;
    }
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = &command->checking;
    state->child_inputs[1] = &command->around;
    return 0;
}

/* A false alarm that the catalogue expects on a right program of the suite, and explains, is nothing wrong. */
static bool is_wrong(const struct program_report *program, const struct cell *cell) {
    const struct result *result = &cell->result;
    bool right = program->in_suite != NULL &&
                 (program->in_suite->role == ROLE_FIXED || program->in_suite->role == ROLE_VARIANT);
    if (result->verdict == VERDICT_OTHER)
        return !right || cell->mismatch;
    return result->verdict == VERDICT_FOUND ||
           (program->in_suite == NULL && result->program_failed);
}

/* Silence proves nothing: where explore or inject came to no end with a program of the user's, the others' is not
 * enough. What the suite's programs come to is the catalogue's to say. */
static bool is_undecided(const struct program_report *program, const struct result *result) {
    static const char *const provers[] = {"explore", "inject"};
    if (result->verdict == VERDICT_HUNG || result->verdict == VERDICT_CHANGED ||
        result->verdict == VERDICT_DOUBTFUL)
        return true;
    if (program->in_suite != NULL ||
        (result->verdict != VERDICT_BOUNDED && result->verdict != VERDICT_UNSUPPORTED))
        return false;
    for (size_t i = 0; i < sizeof provers / sizeof *provers; i++)
        if (strcmp(result->detector, provers[i]) == 0)
            return true;
    return false;
}

/*
 * What is wrong weighs more than what is not decided. A third-party tool that cannot take the program leaves it to the
 * others; only when none could is it undecided.
 */
static int exit_code(const struct suite_report *report) {
    int code = EXIT_CLEAN;
    for (size_t i = 0; i < report->count; i++) {
        const struct program_report *program = &report->programs[i];
        size_t judged = 0;
        for (size_t j = 0; j < program->cell_count; j++) {
            const struct result *result = &program->cells[j].result;
            if (is_wrong(program, &program->cells[j]))
                return EXIT_HAZARD;
            if (is_undecided(program, result))
                code = EXIT_UNDECIDED;
            judged += result->verdict != VERDICT_UNSUPPORTED && result->verdict != VERDICT_BOUNDED;
        }
        if (judged == 0)
            code = EXIT_UNDECIDED;
    }
    return code;
}

static void print_program(FILE *out, const void *alone) {
    const struct suite_report *report = alone;
    render_text_program(out, report, &report->programs[0]);
}

static void print_json(const struct suite_report *report) {
    json_t *value = render_json_check(report), *programs = json_object_get(value, "programs");
    for (size_t i = 0; i < report->count; i++) {
        const struct suite_report alone = {
            .programs = &report->programs[i], .count = 1, .root = report->root};
        json_object_set_new(json_array_get(programs, i), "text",
                            batch_text_json(print_program, &alone));
    }
    json_dumpf(value, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(value);
}

static bool explore_found(const struct suite_report *report) {
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++) {
            const struct result *result = &report->programs[i].cells[j].result;
            if (strcmp(result->detector, explore_detector.name) == 0 && result->findings.count > 0)
                return true;
        }
    return false;
}

/* A check keeps no schedules: who wants to see a finding of explore again must ask for one. */
static void print_hint(const struct check_command *command) {
    const struct naming *naming = &command->checking.naming;
    void *scratch = new_owner();
    char *line = never_null(talloc_strdup(scratch, ""));
    line = naming_repeat(surrounding_options_repeat(line, &command->around), naming);
    if (naming->word_count == 0)
        line = shell_line_add(line, "NAME");
    for (const char *const *arg = naming->args; arg != NULL && *arg != NULL; arg++)
        line = shell_line_add(arg == naming->args ? shell_line_add(line, "--") : line, *arg);
    printf("\nto replay what explore found: hazard explore%s writes a schedule\n",
           clean_line(scratch, line));
    talloc_free(scratch);
}

/* ---- Once, or again and again ---------------------------------------------------------------- */

static void print_text(const struct check_command *command, const struct suite_report *report,
                       int code) {
    render_text(stdout, report);
    if (explore_found(report))
        print_hint(command);
    if (code == EXIT_HAZARD)
        lesson_hint_print(report);
}

static int check(const struct check_command *command) {
    const struct checking *checking = &command->checking;
    struct suite_report report;
    int code = checking_run(checking, &report);
    if (code != EXIT_CLEAN)
        return code;
    code = exit_code(&report);
    if (checking->json)
        print_json(&report);
    else if (!report.fruitless)
        print_text(command, &report, code);
    if (report.trouble == NULL)
        return code;
    (void)fflush(stdout);
    fprintf(stderr, "%shazard: %s\n", report.words != NULL ? report.words : "", report.trouble);
    return code == EXIT_HAZARD ? code : EXIT_TROUBLE;
}

static int trouble(const struct error *error) {
    fprintf(stderr, "hazard: %s\n", error->text);
    return EXIT_TROUBLE;
}

/* From before the check on: what is changed while it runs is checked next. */
static struct source_watch *watch(const struct check_command *command, struct source_watch *before,
                                  struct error *error) {
    struct named named;
    if (naming_resolve(&command->checking.naming, &named, error) != 0)
        return before; /* a file may be away for a moment */
    return watching_new(command->around.owner, &named.targets, error);
}

/* Ends when the user interrupts; what came out last counts. */
static int check_again_and_again(struct check_command *command) {
    void *owner = command->around.owner;
    struct source_watch *watching = NULL;
    struct error error;
    int code = EXIT_CLEAN;
    if (suite_detectors(owner, command->checking.with, &error) == NULL)
        return trouble(&error);
    do {
        command->checking.naming.owner = talloc_new(owner);
        struct source_watch *now = watch(command, watching, &error);
        if (now == NULL)
            return trouble(&error);
        code = check(command);
        (void)fflush(stdout);
        if (now != watching)
            talloc_free(watching);
        watching = now;
        talloc_free(command->checking.naming.owner);
        if (!run_interrupted())
            fprintf(stderr, "\nhazard: watching %zu file%s; Ctrl-C ends it\n\n",
                    watching_count(watching), watching_count(watching) == 1 ? "" : "s");
    } while (watching_wait(watching));
    return code;
}

int cmd_check(int argc, char **argv) {
    static const struct argp_child children[] = {
        {&checking_argp, 0, NULL, 0}, {&surrounding_options_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .children = children,
        .args_doc = "[NAME... | FILE.c... | BINARY] [-- ARGS]",
        .doc =
            "Runs programs under the detectors and says what each reports.\v"
            "NAME is a hazard of the suite: all its programs are checked; a file of the suite is "
            "that program. FILE.c... are the "
            "sources of one program "
            "of yours. BINARY is a program; one that `hazard make' has built is built again for "
            "each detector. Without any, the whole suite. " NAMING_HELP
            "-w before a file or an option is the compiler's, -w LIST is --with.\n\n"
            "Exit status: 0 nothing wrong (a report that explore's proof refutes is nothing), 1 "
            "something was found or the program itself failed, 2 misuse or hazard's own failure "
            "(a program that does not compile), 3 undecided (it never ended; explore came to no "
            "end with it and the others are silent, which proves nothing; all reports are known "
            "false alarms of their tools that nothing refutes). --with without explore: what the "
            "others say counts alone.",
    };
    void *owner = new_owner();
    struct check_command command = {.checking = checking_new(owner, "check"),
                                    .around = {.owner = owner}};
    struct checking *checking = &command.checking;
    argc = naming_split(&checking->naming, &argp, argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    checking->naming.surroundings = command.around.surroundings;

    int code = command.watch ? check_again_and_again(&command) : check(&command);
    talloc_free(owner);
    return code;
}
