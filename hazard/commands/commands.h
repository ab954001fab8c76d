/* SPDX-License-Identifier: MIT */
/*
 * The subcommands. Each takes its own words (argv[0] is "hazard NAME") and returns the exit code.
 */
#ifndef HAZARD_COMMANDS_COMMANDS_H
#define HAZARD_COMMANDS_COMMANDS_H

/* The exit codes of all subcommands. */
enum {
    EXIT_CLEAN = 0,    /* nothing wrong */
    EXIT_HAZARD = 1,   /* a hazard was found, a verdict is not as expected */
    EXIT_TROUBLE = 2,  /* misuse, or hazard itself failed */
    EXIT_UNDECIDED = 3 /* not decided within the budget, or interrupted */
};

int cmd_list(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_copy(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_probe(int argc, char **argv);
int cmd_explore(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_inject(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_cc(int argc, char **argv);
int cmd_make(int argc, char **argv);
int cmd_cache(int argc, char **argv);
int cmd_grade(int argc, char **argv);
int cmd_grade_gate(int argc, char **argv);   /* grade --gate */
int cmd_grade_within(int argc, char **argv); /* grade --within=FOLDER COMMAND... */
int cmd_matrix(int argc, char **argv);

/* A whole command line: argv[1] is a subcommand. */
int commands_run(int argc, char **argv);

/* Called as gcc, clang, c++...: what `hazard make` puts in their place. */
int cmd_cc_as_compiler(char **argv);

#endif
