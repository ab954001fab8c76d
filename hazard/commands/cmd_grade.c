/* SPDX-License-Identifier: MIT */
/* `hazard grade`: so far, whether hostile code could be graded on this machine. */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/selftest/planted.h"
#include "hazard/selftest/selftest.h"
#include "run/run.h"

enum { OPTION_JSON = 256, OPTION_SELFTEST, OPTION_GATE, OPTION_TIER, OPTION_ATTEMPT };

struct grade_command {
    bool selftest, json;
    enum sandbox_tier tier; /* SANDBOX_NONE: all that can be had */
    const char *attempt;    /* we are in the sandbox, and this is what we try */
};

static enum sandbox_tier read_tier(const char *word, struct argp_state *state) {
    for (enum sandbox_tier tier = SANDBOX_A; tier < SANDBOX_TIERS; tier++)
        if (strcmp(word, sandbox_tier_name(tier)) == 0)
            return tier;
    argp_error(state, "there is no tier '%s': A, B or C", word);
    return SANDBOX_NONE;
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
        command->tier = read_tier(argument, state);
        return 0;
    case OPTION_ATTEMPT:
        command->attempt = argument;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "unexpected '%s'", argument);
        return 0;
    case ARGP_KEY_END:
        if (!command->selftest && command->attempt == NULL)
            argp_error(state, "what is to be done? --selftest or --gate");
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
    if (selftest_run(owner, command->tier, &selftest, &error) != 0) {
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

/* A mode with words of its own. */
static bool asks_for_gate(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--gate") == 0)
            return true;
    return false;
}

int cmd_grade(int argc, char **argv) {
    static const struct argp_option options[] = {
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
        .doc =
            "Says whether hostile code can be run on this machine, and what keeps it in.\v"
            "Stand-ins for hostile programs run in the sandbox, in each of its tiers that this "
            "user can have here. Each tries one forbidden act: too many processes, too much "
            "memory, a secret, a file outside, a socket, a process of ours... None goes far, and "
            "none would harm the machine if nothing contained it.\n\n"
            "Tier A is namespaces, B a spare user (as root), C the same user.\n\n"
            "Exit status: 0 all is contained that its tier promises, 1 something is not, 2 misuse, "
            "no tier can be had, or hazard itself failed.",
    };
    struct grade_command command = {0};
    if (argc > 1 && strncmp(argv[1], "--within=", strlen("--within=")) == 0)
        return cmd_grade_within(argc, argv);
    if (asks_for_gate(argc, argv))
        return cmd_grade_gate(argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    if (command.attempt != NULL && strcmp(command.attempt, "stand-by") == 0)
        planted_stand_by();
    if (command.attempt != NULL)
        attempt_act(command.attempt);
    void *owner = new_owner();
    int code = run_selftest(owner, &command);
    talloc_free(owner);
    return code;
}
