/* SPDX-License-Identifier: MIT */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/options.h"
#include "hazard/render/probe_render.h"
#include "hazard/root.h"
#include "hazard/suite/trial.h"

enum { OPTION_JSON = 256, OPTION_TIME, OPTION_ONLY };

/* In a step several calls in a row may take as long as one is allowed to. */
#define SERVER_CALLS 6

static const struct argp_option argp_options[] = {
    {"only", OPTION_ONLY, "LIST", 0,
     "Only these steps, separated by commas: lunch, partial-line, crowd, half-close, reset, leaks, "
     "end",
     1},
    {"time-limit", OPTION_TIME, "SECONDS", 0,
     "Where the kernel cannot say whether a call is blocked, take it for blocked after so long "
     "(default 3)",
     1},
    {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 2},
    {0},
};

struct options {
    struct common_options common; /* words and args only */
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

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct options *options = state->input;
    struct common_options *common = &options->common;
    switch (key) {
    case OPTION_ONLY:
        options->probe.steps = parse_steps(state, argument);
        return 0;
    case OPTION_TIME:
        options->probe.call_seconds = option_number(state, "time-limit", argument, 0.1, 600);
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
        argp_error(state, "which server?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* What the words name, servers all. -1 and *error. */
static int resolve(const struct common_options *options, struct named *named, struct error *error) {
    if (common_targets(options, named, error) != 0)
        return -1;
    for (size_t i = 0; i < named->targets.count; i++) {
        const struct target *target = &named->targets.items[i];
        if (target->hazard != NULL && !target->server)
            return fail(error, "%s is no server: probe has nothing to connect to", target->name);
    }
    return 0;
}

static int probe_target(const struct options *options, const struct target *target,
                        const char *build_folder, struct probed *probed, const char **words,
                        struct error *error) {
    void *owner = options->common.owner;
    const struct trial trial = {.target = target, .build_folder = build_folder};
    struct subject subject;
    double started = clock_seconds();
    probed->program = target->name;
    if (trial_build(owner, &trial, &flavour_plain, &subject, words, error) != 0 ||
        probe_run(owner, &subject, &options->probe, &probed->report, error) != 0)
        return -1;
    probed->seconds = clock_seconds() - started;
    return run_interrupted() ? fail(error, "interrupted") : 0;
}

struct all_probed {
    struct probed *items;
    size_t count;
};

static int probe_all(const struct options *options, struct all_probed *all, const char **words,
                     struct error *error) {
    void *owner = options->common.owner;
    struct named named;
    if (resolve(&options->common, &named, error) != 0)
        return -1;
    const char *scratch = root_scratch(owner, error);
    if (scratch == NULL)
        return -1;
    all->items = new_array(owner, struct probed, named.targets.count);
    int result = 0;
    for (; result == 0 && all->count < named.targets.count; all->count++) {
        const struct target *target = &named.targets.items[all->count];
        all->items[all->count].root = named.root;
        result =
            probe_target(options, target, target->program != NULL ? named.build_folder : scratch,
                         &all->items[all->count], words, error);
    }
    folder_remove(scratch);
    return result;
}

static void print_json(const struct all_probed *all) {
    json_t *value;
    if (all->count == 1) {
        value = probe_json(&all->items[0]);
    } else {
        json_t *programs = json_array();
        for (size_t i = 0; i < all->count; i++)
            json_array_append_new(programs, probe_json(&all->items[i]));
        value = json_pack("{so}", "programs", programs);
    }
    json_dumpf(value, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    putchar('\n');
    json_decref(value);
}

static int print_all(const struct options *options, const struct all_probed *all) {
    int code = EXIT_CLEAN;
    for (size_t i = 0; i < all->count; i++) {
        enum verdict verdict = probe_verdict(&all->items[i].report);
        if (verdict == VERDICT_FOUND)
            code = EXIT_HAZARD;
        else if (verdict != VERDICT_SILENT && code == EXIT_CLEAN)
            code = EXIT_UNDECIDED;
        if (!options->common.json) {
            if (i > 0)
                putchar('\n');
            probe_text(stdout, &all->items[i]);
        }
    }
    if (options->common.json)
        print_json(all);
    return code;
}

int cmd_probe(int argc, char **argv) {
    static const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .args_doc = "FILE.c... | BINARY | NAME [-- ARGS]",
        .doc =
            "Asks an echo server where its second client blocks, and what clients leave behind in "
            "it.\v"
            "FILE.c... are the sources of a server of yours, BINARY is one that is compiled, NAME "
            "a hazard of the suite's family `servers'. The server must echo lines, on any TCP port "
            "that it chooses; it is started several times, and ended by SIGTERM.\n\n"
            "Exit status: 0 nothing wrong, 1 something was found, 2 misuse or hazard's own failure "
            "(a program that does not compile), 3 undecided (it never listens).",
    };
    void *owner = new_owner();
    struct options options = {
        .probe = {.limits = run_default_limits, .call_seconds = 3, .steps = PROBE_ALL_STEPS}};
    common_options_init(&options.common, owner);
    argc = common_options_split(&options.common, argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    options.probe.limits.seconds += SERVER_CALLS * options.probe.call_seconds;

    run_catch_interrupts();
    struct all_probed all = {0};
    struct error error;
    const char *words = NULL;
    int code;
    if (probe_all(&options, &all, &words, &error) == 0) {
        code = print_all(&options, &all);
    } else {
        if (words != NULL)
            fputs(words, stderr);
        fprintf(stderr, "hazard: %s\n", error.text);
        code = run_interrupted() ? EXIT_UNDECIDED : EXIT_TROUBLE;
    }
    talloc_free(owner);
    return code;
}
