/* SPDX-License-Identifier: MIT */
#include "hazard/commands/commands.h"

#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/nearest.h"
#include "hazard/root.h"

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *title;
} commands[] = {
    {"list", cmd_list, "the hazards, one a line"},
    {"show", cmd_show, "a hazard's story, losing interleaving, diff and verdicts"},
    {"copy", cmd_copy, "a program of the suite, to be worked on"},
    {"check", cmd_check, "a hazard, or your own program, under the detectors"},
    {"probe", cmd_probe, "ask a server where its second client blocks"},
    {"explore", cmd_explore, "run a program under every schedule that differs"},
    {"merge", cmd_merge, "join what the shards of a search by explore came to"},
    {"inject", cmd_inject, "let a signal come at every instruction of a program"},
    {"replay", cmd_replay, "run a failing schedule again, and show who did what when"},
    {"make", cmd_make, "make, cmake, ninja... with `hazard cc` in the place of gcc"},
    {"cc", cmd_cc, "a compiler for make: programs of many files"},
    {"cache", cmd_cache, "what was built and is kept"},
    {"grade", cmd_grade, "grade hand-ins of a course; can hostile code be run here?"},
    {"matrix", cmd_matrix, "the whole suite, compared with what the catalogue expects"},
};

static void print_help(FILE *out) {
    fputs("Usage: hazard COMMAND [OPTION...] ...\n"
          "A race and deadlock test suite for C on Linux.\n\n",
          out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "  hazard %-8s %s\n", commands[i].name, commands[i].title);
    fputs("  hazard --include-dir  where <hazard.h> lies\n"
          "\n`hazard COMMAND --help` explains a command, `man hazard` all of them.\n"
          "Exit status: 0 nothing wrong, 1 a hazard was found, 2 misuse or hazard's own\n"
          "failure, 3 undecided.\n",
          out);
}

/* For -I, of who builds a program with <hazard.h> by other means. */
static int print_include_folder(void) {
    void *owner = new_owner();
    struct error error;
    const char *folder = root_include_folder(owner, &error);
    if (folder != NULL)
        puts(folder);
    else
        fprintf(stderr, "hazard: %s\n", error.text);
    talloc_free(owner);
    return folder != NULL ? EXIT_CLEAN : EXIT_TROUBLE;
}

static const char *command_name(const void *words, size_t index) {
    (void)words;
    return commands[index].name;
}

static void print_unknown(const char *word) {
    const char *near =
        nearest_word(word, command_name, commands, sizeof commands / sizeof *commands);
    fprintf(stderr, "hazard: there is no command '%s'", word);
    if (near != NULL)
        fprintf(stderr, ", did you mean '%s'?\n", near);
    else
        fputs("; `hazard --help` names them\n", stderr);
}

static int run_command(const struct command *command, int argc, char **argv) {
    static char name[32];
    snprintf(name, sizeof name, "hazard %s", command->name);
    argv[1] = name; /* argp names the program in its messages after argv[0] */
    program_invocation_name = program_invocation_short_name = name;
    int code = command->run(argc - 1, argv + 1);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("hazard: cannot write the result");
        return EXIT_TROUBLE;
    }
    return code;
}

int commands_run(int argc, char **argv) {
    signal(SIGPIPE,
           SIG_DFL); /* `hazard show counter | head` ends quietly, whoever ignored it before us */
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_help(stdout);
        return EXIT_CLEAN;
    }
    if (strcmp(word, "--version") == 0) {
        puts("hazard " HAZARD_VERSION);
        return EXIT_CLEAN;
    }
    if (strcmp(word, "--include-dir") == 0)
        return print_include_folder();
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(word, commands[i].name) == 0)
            return run_command(&commands[i], argc, argv);
    if (*word == '\0')
        print_help(stderr);
    else
        print_unknown(word);
    return EXIT_TROUBLE;
}
