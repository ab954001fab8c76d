/* SPDX-License-Identifier: MIT */
/*
 * `hazard replay`: builds the program that a schedule names, runs it once more under that schedule,
 * and shows what happened, step by step. What comes out must be what the schedule recorded.
 */
#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/number.h"
#include "hazard/render/chrome.h"
#include "hazard/render/explored.h"
#include "hazard/render/finding.h"
#include "hazard/render/finding_json.h"
#include "hazard/render/interleaving.h"
#include "hazard/render/interleaving_json.h"
#include "hazard/render/render_json.h"
#include "hazard/render/shiviz.h"
#include "hazard/render/style.h"
#include "hazard/replay/debugger.h"
#include "hazard/replay/replay.h"
#include "hazard/root.h"

enum { OPTION_GDB = 256, OPTION_CHROME, OPTION_SHIVIZ, OPTION_TIMES, OPTION_FULL, OPTION_JSON };

static const struct argp_option argp_options[] = {
    {"full", OPTION_FULL, NULL, 0, "Show every step, not only the interesting ones", 1},
    {"times", OPTION_TIMES, "N", 0, "Replay N times: all must come out the same", 1},
    {"gdb", OPTION_GDB, NULL, 0, "Stop at the critical step in gdb (without one: at the last step)",
     1},
    {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 2},
    {"chrome", OPTION_CHROME, "FILE", 0,
     "Write a trace for chrome://tracing and https://ui.perfetto.dev", 2},
    {"shiviz", OPTION_SHIVIZ, "FILE", 0, "Write a log for ShiViz", 2},
    {0},
};

struct options {
    void *owner;
    const char *file, *chrome, *shiviz;
    int times; /* 0: not given */
    bool gdb, json, full;
};

/* gdb has the terminal to itself, and what it shows is nobody's to print. */
static void check_together(const struct options *options, const struct argp_state *state) {
    const char *other = options->json             ? "--json"
                        : options->times > 0      ? "--times"
                        : options->full           ? "--full"
                        : options->chrome != NULL ? "--chrome"
                        : options->shiviz != NULL ? "--shiviz"
                                                  : NULL;
    if (options->gdb && other != NULL)
        argp_error(state, "--gdb opens a session in gdb: %s has no place in it", other);
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct options *options = state->input;
    double number;
    switch (key) {
    case OPTION_GDB:
        options->gdb = true;
        return 0;
    case OPTION_FULL:
        options->full = true;
        return 0;
    case OPTION_JSON:
        options->json = true;
        return 0;
    case OPTION_CHROME:
        options->chrome = argument;
        return 0;
    case OPTION_SHIVIZ:
        options->shiviz = argument;
        return 0;
    case OPTION_TIMES:
        number = number_from(state, "times", argument, 1, 1000000);
        options->times = (int)number;
        if (number != options->times)
            argp_error(state, "--times takes a whole number, not '%s'", argument);
        return 0;
    case ARGP_KEY_ARG:
        if (options->file != NULL)
            argp_error(state, "one schedule at a time; the program's arguments are in it");
        options->file = argument;
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which schedule?");
        return 0;
    case ARGP_KEY_END:
        check_together(options, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- Output ---------------------------------------------------------------------------------- */

static struct interleaving interleaving_of(const struct options *options,
                                           const struct replay *replay) {
    const struct schedule *schedule = replay->schedule;
    /* A race that was only noted did not end the execution: what follows it is of no interest. */
    bool noted = schedule->options.races == RACES_REPORT && schedule->kind == KIND_DATA_RACE &&
                 replay->as_recorded && !replay->changed;
    return (struct interleaving){.outcome = &replay->outcome,
                                 .sources = &replay->outcome.sources,
                                 .root = replay->root,
                                 .full = options->full,
                                 .steps = noted ? schedule->step_count : 0,
                                 .critical = schedule->critical + 1,
                                 .finding = replay_finding_index(replay)};
}

static int write_files(const struct options *options, const struct interleaving *shown,
                       struct error *error) {
    int result = 0;
    if (options->chrome != NULL) {
        json_t *trace = chrome_trace(shown);
        result = render_json_file(options->chrome, trace, error);
        json_decref(trace);
    }
    if (result == 0 && options->shiviz != NULL) {
        const char *log = shiviz_log(options->owner, shown);
        result = file_replace(options->shiviz, log, strlen(log), error);
    }
    return result;
}

static void print_program(const struct options *options, const struct replay *replay) {
    const struct schedule *schedule = replay->schedule;
    const struct style *style = style_for(stdout);
    printf("%s%s%s: %d steps of %s", style->bold, clean_line(options->owner, options->file),
           style->reset, schedule->step_count, clean_line(options->owner, schedule->program));
    for (const char *const *arg = schedule->args; *arg != NULL; arg++)
        printf(" %s", clean_line(options->owner, *arg));
    puts("\n");
}

static void print_text(const struct options *options, const struct replay *replay) {
    struct interleaving shown = interleaving_of(options, replay);
    const struct finding *finding = replay_finding(replay);
    print_program(options, replay);
    if (finding != NULL)
        finding_print(stdout, 0, finding, &replay->outcome.sources, replay->root);
    else
        puts("the schedule ends well");
    putchar('\n');
    interleaving_print(stdout, 0, &shown);
    explored_output(stdout, 0, replay->outcome.shared);
    if (options->times > 1)
        printf("\n%d of %d the same\n", replay->same, replay->times);
}

static void print_json(const struct options *options, const struct replay *replay) {
    struct interleaving shown = interleaving_of(options, replay);
    const struct finding *finding = replay_finding(replay);
    void *owner = options->owner;
    json_t *object = json_pack(
        "{ss ss ss ss si si sb so so}", "program", clean_line(owner, replay->schedule->program),
        "detector", "explore", "schedule", clean_line(owner, options->file), "verdict",
        verdict_name(finding != NULL ? VERDICT_FOUND : VERDICT_SILENT), "times", replay->times,
        "same", replay->same, "as_recorded", replay->as_recorded, "finding",
        finding != NULL ? finding_json(finding, &replay->outcome.sources, replay->root)
                        : json_null(),
        "steps", interleaving_json(&shown));
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

/* ---- The command ----------------------------------------------------------------------------- */

static int conclude(const struct options *options, const struct replay *replay) {
    struct interleaving shown = interleaving_of(options, replay);
    struct error error;
    if (write_files(options, &shown, &error) != 0) {
        fprintf(stderr, "hazard: %s\n", error.text);
        return EXIT_TROUBLE;
    }
    if (options->json)
        print_json(options, replay);
    else
        print_text(options, replay);
    (void)fflush(stdout);
    if (*replay->difference != '\0')
        fprintf(stderr, "hazard: %s\n", replay->difference);
    if (!replay->as_recorded)
        return EXIT_TROUBLE;
    return replay_finding(replay) != NULL ? EXIT_HAZARD : EXIT_CLEAN;
}

static int run(const struct options *options, const char *scratch) {
    struct replay replay;
    struct error error;
    const char *words = NULL;
    if (replay_prepare(options->owner, options->file, scratch, &replay, &words, &error) == 0 &&
        replay_run(options->owner, &replay, options->times > 0 ? options->times : 1, &error) == 0) {
        if (!options->gdb)
            return conclude(options, &replay);
        if (debugger_run(options->owner, &replay, &error) == 0)
            return EXIT_CLEAN;
    }
    if (words != NULL)
        fputs(words, stderr);
    fprintf(stderr, "hazard: %s\n", error.text);
    return run_interrupted() ? EXIT_UNDECIDED : EXIT_TROUBLE;
}

int cmd_replay(int argc, char **argv) {
    static const struct argp argp = {
        .options = argp_options,
        .parser = parse,
        .args_doc = "FILE",
        .doc = "Runs a failing execution again, as `hazard explore' recorded it, and shows who did "
               "what when.\v"
               "FILE is a schedule. The program that it names is built again (a binary is taken as "
               "it is); paths are looked up here, then beside FILE.\n\n"
               "Exit status: 0 the schedule ends well, 1 the finding is there, 2 misuse, hazard's "
               "own failure, or something else came out than was recorded.",
    };
    struct options options = {.owner = new_owner()};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    run_catch_interrupts();
    struct error error;
    const char *scratch = root_scratch(options.owner, &error);
    int code = EXIT_TROUBLE;
    if (scratch != NULL) {
        code = run(&options, scratch);
        folder_remove(scratch);
    } else {
        fprintf(stderr, "hazard: %s\n", error.text);
    }
    talloc_free(options.owner);
    return code;
}
