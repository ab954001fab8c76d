/* SPDX-License-Identifier: MIT */
/* `hazard grade --gate`: the evasion gate alone. */
#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "base/memory.h"
#include "hazard/commands/commands.h"
#include "hazard/commands/naming.h"
#include "hazard/gate/gate_print.h"
#include "hazard/gate/notes.h"
#include "hazard/root.h"

enum { OPTION_GATE = 256, OPTION_JSON, OPTION_ALLOW, OPTION_REFUSE };

struct gate_command {
    struct gate_input input;
    const char **files;
    size_t count;
    bool json;
};

static void switch_rule(struct gate_command *command, const char *name, bool on,
                        struct argp_state *state) {
    struct error error;
    if (gate_switch(&command->input, name, on, &error) != 0)
        argp_error(state, "%s", error.text);
}

static error_t parse(int key, char *argument, struct argp_state *state) {
    struct gate_command *command = state->input;
    switch (key) {
    case OPTION_GATE:
        return 0;
    case OPTION_JSON:
        command->json = true;
        return 0;
    case OPTION_ALLOW:
    case OPTION_REFUSE:
        switch_rule(command, argument, key == OPTION_REFUSE, state);
        return 0;
    case ARGP_KEY_ARG:
        command->files = grow_array(NULL, command->files, const char *, command->count + 1);
        command->files[command->count++] = argument;
        return 0;
    case ARGP_KEY_END:
        if (command->count == 0)
            argp_error(state, "which C files?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static bool cut(char *folder) {
    char *end = strrchr(folder, '/');
    *end = '\0';
    return end != folder;
}

/* The deepest that all files are in. NULL and *error: a file is not there; nothing but / has them all. */
static const char *folder_of(void *owner, const struct gate_command *command, struct error *error) {
    char *folder = NULL, file[PATH_MAX];
    for (size_t i = 0; i < command->count; i++) {
        bool found = realpath(command->files[i], file) != NULL;
        if (found && folder == NULL)
            found = cut(folder = never_null(talloc_strdup(owner, file)));
        while (found && !notes_below(file, folder))
            found = cut(folder);
        if (!found) {
            fail(error, "cannot read %s, or it has no folder with the others", command->files[i]);
            return NULL;
        }
    }
    return folder;
}

static int answer(const struct gate_command *command, const struct gate *gate) {
    if (command->json) {
        json_t *value = gate_json(gate);
        json_dumpf(value, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(value);
    } else if (gate->complaint == NULL || gate->count > 0) {
        gate_print(stdout, gate);
    }
    if (gate->complaint != NULL)
        fprintf(stderr, "%shazard: the hand-in does not compile\n", gate->complaint);
    return gate->complaint != NULL ? EXIT_TROUBLE : gate->count > 0 ? EXIT_HAZARD : EXIT_CLEAN;
}

static int run_gate(void *owner, struct gate_command *command) {
    struct gate gate;
    struct error error;
    int code = EXIT_TROUBLE;
    const char *folder = folder_of(owner, command, &error),
               *scratch = folder != NULL ? root_scratch(owner, &error) : NULL;
    command->input.files = command->files;
    command->input.file_count = command->count;
    command->input.folder = folder;
    command->input.scratch = scratch;
    run_catch_interrupts();
    if (scratch != NULL && gate_check(owner, &command->input, &gate, &error) == 0)
        code = answer(command, &gate);
    else
        fprintf(stderr, "hazard: %s\n", error.text);
    if (scratch != NULL)
        folder_remove(scratch);
    return code;
}

int cmd_grade_gate(int argc, char **argv) {
    static const struct argp_option options[] = {
        {"gate", OPTION_GATE, NULL, 0, "Look for what hides from detectors, or misleads them", 0},
        {"allow", OPTION_ALLOW, "RULE", 0, "Leave out this rule of docs/gate.md", 0},
        {"refuse", OPTION_REFUSE, "RULE", 0, "Ask for a rule that is off: raw-exit", 0},
        {"json", OPTION_JSON, NULL, 0, "Print JSON in place of text", 0},
        {0}};
    static const struct argp argp = {
        .options = options,
        .parser = parse,
        .args_doc = "FILE.c...",
        .doc =
            "Says which lines of a hand-in hide from detectors, or mislead them.\v"
            "The hand-in is the folder that all files are in, and all below it. Each refusal has "
            "its "
            "line, why it is refused, and what honest code does. " NAMING_HELP
            "folders given by -I are the teacher's.\n\n"
            "Rules: include, line-marker, compiler-test, attribute, constructor, section, alias, "
            "asm, pragma, tool-call, tool-hook, assumption, load, system-call, raw-exit, "
            "library-definition, tool-file. The first two cannot be left out.\n\n"
            "Exit status: 0 nothing is refused, 1 something is, 2 misuse, the hand-in does not "
            "compile, or hazard itself failed.",
    };
    void *owner = new_owner();
    struct gate_command command = {0};
    struct naming naming = {.owner = owner, .command = "grade"};
    gate_defaults(&command.input);
    argc = naming_split(&naming, &argp, argc, argv);
    argp_parse(&argp, argc, argv, 0, NULL, &command);
    command.input.words = cc_line_words(&naming.compiler);
    int code = run_gate(owner, &command);
    talloc_free(command.files);
    talloc_free(owner);
    return code;
}
