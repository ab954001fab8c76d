/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "hazard/commands/batch.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/number.h"
#include "hazard/render/probed.h"
#include "hazard/suite/trial.h"

enum { OPTION_JSON = 256, OPTION_TIME, OPTION_ONLY, OPTION_DIALOGUE, OPTION_HTTP, OPTION_ORIGIN };

/* In a step several calls in a row may take as long as one is allowed to. */
#define SERVER_CALLS 6

static const struct argp_option argp_options[] = {
    {"only", OPTION_ONLY, "LIST", 0,
     "Only these steps, separated by commas: lunch, partial-line, crowd, half-close, reset, leaks, "
     "end; with --origin also slow-origin, silent-origin, resetting-origin",
     1},
    {"dialogue", OPTION_DIALOGUE, "FILE", 0,
     "It is no echo server: clients say and expect what FILE says (DIALOGUE FILES in man hazard)",
     1},
    {"http", OPTION_HTTP, "PATH", OPTION_ARG_OPTIONAL,
     "It is an HTTP server: clients GET PATH (default /), and expect a whole response", 1},
    {"origin", OPTION_ORIGIN, NULL, 0,
     "It is an HTTP proxy: clients GET through it what a server of hazard's own on 127.0.0.1 has, "
     "which for some is slow, silent or resets the connection",
     1},
    {"time-limit", OPTION_TIME, "SECONDS", 0,
     "Where the kernel cannot say whether a call is blocked, take it for blocked after SECONDS "
     "(default 3)",
     1},
    {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 2},
    {0},
};

struct probe_command {
    struct naming naming;
    bool json;
    struct probe_options probe;
};

static unsigned parse_steps(const struct argp_state *state, const char *list) {
    unsigned steps = 0;
    char *copy = strdup(list), *rest = copy;
    for (const char *word; (word = strsep(&rest, ",")) != NULL;) {
        int step = probe_step_from_name(word);
        if (step < 0)
            argp_error(state, "there is no step '%s': see --help", word);
        steps |= 1U << step;
    }
    free(copy);
    return steps;
}

static void set(const struct argp_state *state, const char *name, const char *value) {
    struct probe_command *command = state->input;
    struct error error;
    if (option_set(option_find(probe_options_table, name), &command->probe, value, &error) != 0)
        argp_error(state, "%s", error.text);
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct probe_command *command = state->input;
    struct error error;
    switch (key) {
    case OPTION_ONLY:
        command->probe.steps = parse_steps(state, argument);
        return 0;
    case OPTION_TIME:
        command->probe.call_seconds = number_from(state, "time-limit", argument, 0.1, 600);
        return 0;
    case OPTION_DIALOGUE:
        set(state, "dialogue", argument);
        return 0;
    case OPTION_HTTP:
        set(state, "http", argument != NULL ? argument : "/");
        return 0;
    case OPTION_ORIGIN:
        set(state, "origin", "true");
        return 0;
    case OPTION_JSON:
        command->json = true;
        return 0;
    case ARGP_KEY_ARG:
        naming_add(&command->naming, argument);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which server?");
        return 0;
    case ARGP_KEY_END:
        if (probe_options_check(&command->probe, &error) != 0)
            argp_error(state, "%s", error.text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int choose(const void *options, struct targets *targets, struct error *error) {
    (void)options;
    for (size_t i = 0; i < targets->count; i++) {
        const struct target *target = &targets->items[i];
        if (target->hazard != NULL && !target->server)
            return fail(error, "%s is no server: probe has nothing to connect to", target->name);
    }
    return 0;
}

static int probe(const struct probe_command *command, struct batch_job *job, struct probed *probed,
                 struct error *error) {
    void *owner = command->naming.owner;
    const struct trial trial = {.target = job->target, .build_folder = job->build_folder};
    struct subject subject;
    double started = clock_seconds();
    if (trial_build(owner, &trial, &flavour_plain, &subject, &job->said, error) != 0 ||
        probe_run(owner, &subject, &command->probe, &probed->report, error) != 0)
        return -1;
    probed->seconds = clock_seconds() - started;
    return run_interrupted() ? fail(error, "interrupted") : 0;
}

static int judge(const void *options, struct batch_job *job, void *result, struct error *error) {
    const struct probe_command *command = options;
    struct probed *probed = result;
    probed->program = job->target->name;
    probed->root = job->root;
    if (probe(command, job, probed, error) == 0)
        return 0;
    probed->failure = talloc_strdup(command->naming.owner, error->text);
    return -1;
}

static void print(FILE *out, const void *result) {
    probed_text(out, result);
}

static json_t *json(const void *result) {
    return probed_json(result);
}

static int exit_code(const void *result) {
    enum verdict verdict = probed_verdict(&((const struct probed *)result)->report);
    return verdict == VERDICT_FOUND    ? EXIT_HAZARD
           : verdict == VERDICT_SILENT ? EXIT_CLEAN
                                       : EXIT_UNDECIDED;
}

static const struct batch_command batch = {
    .result_size = sizeof(struct probed),
    .choose = choose,
    .judge = judge,
    .print = print,
    .json = json,
    .exit_code = exit_code,
};

int cmd_probe(int argc, char **argv) {
    static const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .args_doc = "FILE.c... | BINARY | NAME [-- ARGS]",
        .doc =
            "Asks an echo server where its second client blocks, and what clients leave behind in "
            "it.\v"
            "FILE.c... are the sources of a server of yours, BINARY is one that is compiled, NAME "
            "a hazard of the suite's family `servers', or one of its files. The server must echo "
            "lines, unless --dialogue, --http or --origin says what else clients say to it, on any "
            "TCP port that it chooses; it is started several times, and ended by SIGTERM. First "
            "one "
            "client comes alone; if that is not served, nothing else is asked. " NAMING_HELP
            "it has none.\n\n"
            "Exit status: 0 nothing wrong, 1 something was found, 2 misuse or hazard's own failure "
            "(a program that does not compile), 3 undecided (it never listens, or does not serve a "
            "client "
            "that is alone).",
    };
    void *owner = new_owner();
    struct probe_command command = {
        .naming = {.owner = owner, .command = "probe"},
        .probe = {.limits = run_default_limits, .call_seconds = 3, .steps = PROBE_ALL_STEPS}};
    argc = naming_split(&command.naming, &argp, argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    struct error error;
    if (probe_options_read(owner, &command.probe, &error) != 0) {
        fprintf(stderr, "hazard: %s\n", error.text);
        talloc_free(owner);
        return EXIT_TROUBLE;
    }
    command.probe.limits.seconds += SERVER_CALLS * command.probe.call_seconds;
    int code = batch_run(&batch, &command.naming, &command, command.json);
    talloc_free(owner);
    return code;
}
