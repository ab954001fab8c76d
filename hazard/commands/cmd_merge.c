/* SPDX-License-Identifier: MIT */
/* `hazard merge`: the verdicts of the shards of a search become one. */
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "base/clean.h"
#include "base/memory.h"
#include "hazard/commands/batch.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/merging.h"
#include "hazard/render/layout.h"
#include "hazard/render/style.h"
#include "hazard/shell_line.h"

enum { OPTION_JSON = 256, INDENT = 2 };

struct merge_command {
    char **files;
    size_t file_count;
    bool json;
};

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct merge_command *command = state->input;
    (void)argument;
    switch (key) {
    case OPTION_JSON:
        command->json = true;
        return 0;
    case ARGP_KEY_ARGS:
        command->files = state->argv + state->next;
        command->file_count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which files?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- Text ---------------------------------------------------------------------------- */

static void print_finding(void *scratch, const json_t *finding) {
    const char *schedule = json_string_value(json_object_get(finding, "schedule"));
    const char *kind = json_string_value(json_object_get(finding, "kind"));
    const char *message = json_string_value(json_object_get(finding, "message"));
    printf("\n%*s%s: ", INDENT, "", kind != NULL ? clean_line(scratch, kind) : "");
    layout_paragraph(stdout, INDENT, message != NULL ? clean_line(scratch, message) : "");
    if (schedule != NULL)
        printf("\n%*sreplay with: hazard replay%s\n", INDENT, "",
               clean_line(scratch, shell_line_add(talloc_strdup(scratch, ""), schedule)));
}

/* Its place is the first that it names. */
static void print_warning(void *scratch, const json_t *warning) {
    const char *kind = json_string_value(json_object_get(warning, "kind"));
    const char *message = json_string_value(json_object_get(warning, "message"));
    const json_t *place = json_array_get(json_object_get(warning, "locations"), 0);
    const char *file = json_string_value(json_object_get(place, "file"));
    const char *words =
        never_null(talloc_asprintf(scratch, "warning: %s%s%s", message != NULL ? message : "",
                                   file != NULL ? ", at " : "", file != NULL ? file : ""));
    if (file != NULL)
        words = never_null(talloc_asprintf(scratch, "%s:%" JSON_INTEGER_FORMAT, words,
                                           json_integer_value(json_object_get(place, "line"))));
    printf("\n%*s%s: ", INDENT, "", kind != NULL ? clean_line(scratch, kind) : "");
    layout_paragraph(stdout, INDENT, clean_line(scratch, words));
}

static void print_text(const struct merged *merged) {
    const struct style *style = style_for(stdout);
    void *scratch = new_owner();
    const char *verdict = verdict_name(merged->verdict);
    const char *colour = merged->verdict == VERDICT_FOUND    ? style->red
                         : merged->verdict == VERDICT_PROVED ? style->green
                                                             : style->yellow;
    printf("%s%s%s\n%*s%s%s%s", style->bold, clean_line(scratch, merged->program), style->reset,
           INDENT, "", colour, verdict, style->reset);
    bool limited = *merged->up_to != '\0';
    const char *between = limited ? " " : ": ";
    const char *words = talloc_asprintf(scratch, "%s%s%s", limited ? merged->up_to + 1 : "",
                                        limited ? ": " : "", merged->detail);
    fputs(between, stdout);
    layout_paragraph(stdout, INDENT + layout_width(verdict) + layout_width(between),
                     clean_line(scratch, words));
    size_t i;
    json_t *finding, *warning;
    json_array_foreach(merged->warnings, i, warning) print_warning(scratch, warning);
    if (merged->decides != NULL)
        json_array_foreach(json_object_get(merged->decides->entry, "findings"), i, finding)
            print_finding(scratch, finding);
    talloc_free(scratch);
}

/* ---- JSON ---------------------------------------------------------------------------- */

static json_t *shares_json(const struct merged *merged) {
    json_t *array = json_array();
    for (size_t i = 0; i < merged->count; i++) {
        const struct share *share = &merged->shares[i];
        json_array_append_new(array, json_pack("{ss si ss sb}", "file", share->file, "number",
                                               share->number, "verdict", share->verdict_word,
                                               "done", share->done));
    }
    return array;
}

static json_t *merged_json(const struct merged *merged) {
    const json_t *findings =
        merged->decides != NULL ? json_object_get(merged->decides->entry, "findings") : NULL;
    return json_pack("{ss ss ss sI sI sI sI sI sf ss so sO sO ss si so}", "program",
                     merged->program, "detector", "explore", "verdict",
                     verdict_name(merged->verdict), "executions", (json_int_t)merged->executions,
                     "blocked", (json_int_t)merged->blocked, "steps", (json_int_t)merged->steps,
                     "states", (json_int_t)merged->states, "state-steps",
                     (json_int_t)merged->state_steps, "seconds", merged->seconds, "strategy",
                     merged->states > 0 ? "states" : "dpor", "findings",
                     findings != NULL ? json_deep_copy(findings) : json_array(), "warnings",
                     merged->warnings, "assumptions", merged->assumptions, "detail", merged->detail,
                     "of", merged->shares[0].of, "shards", shares_json(merged));
}

/* ---- The command --------------------------------------------------------------------- */

static int exit_code(const struct merged *merged) {
    return merged->verdict == VERDICT_FOUND    ? EXIT_HAZARD
           : merged->verdict == VERDICT_PROVED ? EXIT_CLEAN
                                               : EXIT_UNDECIDED;
}

/* A finding is worth more than what is not decided, and that more than a proof. */
static int print(const struct merged *programs, size_t count, bool json) {
    json_t *array = json_array();
    int code = EXIT_CLEAN;
    for (size_t i = 0; i < count; i++) {
        int one = exit_code(&programs[i]);
        if (code != EXIT_HAZARD && one != EXIT_CLEAN)
            code = one;
        json_array_append_new(array, merged_json(&programs[i]));
        if (!json)
            print_text(&programs[i]);
    }
    if (json)
        batch_print_json(stdout, array);
    else
        json_decref(array);
    return code;
}

int cmd_merge(int argc, char **argv) {
    static const struct argp_option options[] = {
        {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 0}, {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "FILE...",
        .doc =
            "Joins what `hazard explore --shard=K/N --json' printed for each K.\v"
            "It is a proof if all N shards are there and done, and something is found if one has "
            "found it. All must be of the same program, arguments and options, and each K may "
            "stand there once.\n\n"
            "Exit status: 0 proved, 1 something was found, 2 misuse (a file that cannot be read, "
            "or shards that do not fit together), 3 undecided (a shard is missing, or has not "
            "come to its end).",
    };
    void *owner = new_owner();
    struct merge_command command = {0};
    struct merged *programs = NULL;
    struct error error;
    size_t count = 0;
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    int code = EXIT_TROUBLE;
    if (merging_read(owner, command.files, command.file_count, &programs, &count, &error) != 0)
        fprintf(stderr, "hazard: %s\n", error.text);
    else
        code = print(programs, count, command.json);
    for (size_t i = 0; i < count; i++) {
        json_decref(programs[i].assumptions);
        json_decref(programs[i].warnings);
    }
    talloc_free(owner);
    return code;
}
