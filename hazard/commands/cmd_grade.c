/* SPDX-License-Identifier: MIT */
/* `hazard grade`: the back end of a course's autograder. */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/grade_handins.h"
#include "hazard/commands/number.h"
#include "hazard/grade/adapter/adapter.h"
#include "hazard/root.h"
#include "hazard/selftest/planted.h"
#include "hazard/selftest/selftest.h"
#include "run/run.h"

enum {
    OPTION_JSON = 256,
    OPTION_SELFTEST,
    OPTION_GATE,
    OPTION_TIER,
    OPTION_ATTEMPT,
    OPTION_FORMAT,
    OPTION_UNSAFE,
    OPTION_RESULTS,
    OPTION_ADAPTER
};

struct grade_command {
    void *owner;
    bool selftest, json;
    const char *attempt; /* we are in the sandbox, and this is what we try */
    const char *adapter; /* NULL: grade */
    const char *output;  /* the folder for an adapter's files */
    struct grade_handins asked;
};

static void add_word(struct grade_command *command, const char ***words, size_t *count,
                     const char *word) {
    *words = grow_array(command->owner, *words, const char *, *count + 1);
    (*words)[(*count)++] = word;
}

static enum sandbox_tier read_tier(const char *word, struct argp_state *state) {
    for (enum sandbox_tier tier = SANDBOX_A; tier < SANDBOX_TIERS; tier++)
        if (strcmp(word, sandbox_tier_name(tier)) == 0)
            return tier;
    argp_error(state, "there is no tier '%s': A, B or C", word);
    return SANDBOX_NONE;
}

static void expect_words(const struct grade_command *command, struct argp_state *state) {
    size_t count = command->asked.word_count;
    if (command->output != NULL && command->adapter == NULL)
        argp_error(state, "--output is for --adapter");
    if (command->adapter != NULL && count > 1)
        argp_error(state, "an adapter is for one assignment");
    if (command->selftest || command->attempt != NULL || command->adapter != NULL || count > 1)
        return;
    argp_error(state, count == 0 ? "which assignment, and which hand-ins?" : "which hand-ins?");
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct grade_command *command = state->input;
    switch (key) {
    case OPTION_SELFTEST:
        command->selftest = true;
        return 0;
    case OPTION_JSON:
        command->json = true;
        return 0;
    case OPTION_TIER:
        command->asked.tier = read_tier(argument, state);
        return 0;
    case OPTION_ATTEMPT:
        command->attempt = argument;
        return 0;
    case OPTION_FORMAT:
        add_word(command, &command->asked.formats, &command->asked.format_count, argument);
        return 0;
    case OPTION_RESULTS:
        command->asked.results = argument;
        return 0;
    case 'j':
        command->asked.jobs = number_count(state, "jobs", argument, 256);
        return 0;
    case OPTION_ADAPTER:
        command->adapter = argument;
        return 0;
    case 'o':
        command->output = argument;
        return 0;
    case OPTION_UNSAFE:
        command->asked.unsafe = true;
        return 0;
    case ARGP_KEY_ARG:
        if (command->selftest)
            argp_error(state, "unexpected '%s'", argument);
        add_word(command, &command->asked.words, &command->asked.word_count, argument);
        return 0;
    case ARGP_KEY_END:
        expect_words(command, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int exit_code(const struct selftest *selftest) {
    if (selftest->used == SANDBOX_NONE)
        return EXIT_TROUBLE;
    for (enum sandbox_tier tier = SANDBOX_A; tier < SANDBOX_TIERS; tier++)
        if (!selftest_holds(&selftest->tiers[tier]))
            return EXIT_HAZARD;
    return EXIT_CLEAN;
}

static int run_selftest(void *owner, const struct grade_command *command) {
    struct selftest selftest;
    struct error error;
    run_catch_interrupts();
    if (selftest_run(owner, command->asked.tier, &selftest, &error) != 0) {
        fprintf(stderr, "hazard: %s\n", error.text);
        return EXIT_TROUBLE;
    }
    if (command->json) {
        json_t *value = selftest_json(&selftest);
        json_dumpf(value, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(value);
    } else {
        selftest_print(stdout, &selftest);
    }
    if (selftest.used == SANDBOX_NONE)
        fputs("hazard: no sandbox can be had here: hostile code must not be run\n", stderr);
    return exit_code(&selftest);
}

static int write_adapter(void *owner, const struct grade_command *command) {
    struct error error;
    const char *word = command->asked.word_count > 0 ? command->asked.words[0] : "./";
    const struct adapter *adapter = adapter_find(command->adapter, &error);
    const char *root = adapter != NULL ? root_find(owner, &error) : NULL;
    const struct assignment *assignment =
        root != NULL ? grade_handins_assignment(owner, word, &error) : NULL;
    if (assignment != NULL &&
        adapter_write(adapter, assignment, root, command->output != NULL ? command->output : ".",
                      stdout, &error) == 0)
        return EXIT_CLEAN;
    fprintf(stderr, "hazard: %s\n", error.text);
    return EXIT_TROUBLE;
}

/* A mode with words of its own. */
static bool asks_for_gate(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--gate") == 0)
            return true;
    return false;
}

static const char help[] =
    "Grades what students hand in: each check of the assignment, in a sandbox.\v"
    "ASSIGNMENT is a folder with assignment.yaml (docs/grade.md), or a hazard of the "
    "suite, "
    "whose buggy program is the starter. HANDIN is a folder that has the files that are "
    "asked for, or the only one of them.\n\n"
    "Formats: text (default), html, json, autolab, gradescope, classroom50, prairielearn, "
    "codegrade, submitty, check50, dodona, junit, tap, ctrf, sarif.\n\n"
    "--adapter overwrites nothing; HOWTO.md among its files says what to do with them.\n\n"
    "--selftest tries to break out of the sandbox: stand-ins for hostile programs try one "
    "forbidden act each (too many processes, too much memory, a secret, a file outside, a "
    "socket, a process of ours...), in each tier that this user can have here. None goes "
    "far, and none would harm the machine if nothing contained it. "
    "Tier A is namespaces, B a spare user (as root), C the same user.\n\n"
    "Exit status: 0 all points, 1 points were lost, 2 misuse or the platform's fault (no "
    "points are given or taken), 3 not all could be decided. Of --selftest: 0 all is "
    "contained that its tier promises, 1 something is not, 2 no tier can be had, or hazard "
    "itself failed.";

int cmd_grade(int argc, char **argv) {
    static const struct argp_option options[] = {
        {"format", OPTION_FORMAT, "NAME[:FILE]", 0,
         "Write the grade as NAME, to FILE (to standard output); may be repeated. The names are "
         "below",
         0},
        {"results", OPTION_RESULTS, "FOLDER", 0,
         "Write what each came to into FOLDER, with grades.csv and a page for the teacher; what is "
         "there already is not graded again",
         0},
        {"jobs", 'j', "N", 0, "Grade N hand-ins at once (default: one per processor)", 0},
        {"adapter", OPTION_ADAPTER, "NAME", 0,
         "Write the files that a platform wants around `hazard grade` for ASSIGNMENT (default: the "
         "current folder): autolab, check50, classroom50, codegrade, dodona, github, gradescope, "
         "prairielearn, submitty",
         0},
        {"output", 'o', "FOLDER", 0, "Where --adapter writes (default: here)", 0},
        {"unsafe", OPTION_UNSAFE, NULL, 0,
         "Grade without a sandbox where none can be had; the report says so", 0},
        {"selftest", OPTION_SELFTEST, NULL, 0, "Try to break out of the sandbox", 0},
        {"tier", OPTION_TIER, "A|B|C", 0, "In this tier alone (default: all that can be had)", 0},
        {"gate", OPTION_GATE, NULL, 0,
         "Look for what hides from detectors in FILE.c... (see `hazard grade --gate --help`)", 0},
        {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 0},
        {"attempt", OPTION_ATTEMPT, "NAME", OPTION_HIDDEN, NULL, 0},
        {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "ASSIGNMENT HANDIN...\n--adapter NAME [ASSIGNMENT]\n--selftest",
        .doc = help,
    };
    if (argc > 1 && strncmp(argv[1], "--within=", strlen("--within=")) == 0)
        return cmd_grade_within(argc, argv);
    if (asks_for_gate(argc, argv))
        return cmd_grade_gate(argc, argv);
    void *owner = new_owner();
    struct grade_command command = {.owner = owner};
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    if (command.attempt != NULL && strcmp(command.attempt, "stand-by") == 0)
        planted_stand_by();
    if (command.attempt != NULL)
        attempt_act(command.attempt);
    int code = command.adapter != NULL ? write_adapter(owner, &command)
               : command.selftest      ? run_selftest(owner, &command)
                                       : grade_handins_run(owner, &command.asked);
    talloc_free(owner);
    return code;
}
