/* SPDX-License-Identifier: MIT */
/*
 * The options that `check` and `matrix` have in common, as an argp child parser.
 */
#ifndef HAZARD_OPTIONS_H
#define HAZARD_OPTIONS_H

#include <argp.h>

#include "hazard/suite/suite.h"

struct common_options {
    void *owner;               /* in: whose memory */
    const char *with;          /* NULL: all detectors */
    const char *junit, *sarif; /* files to write; NULL: none */
    bool json;
    bool server;     /* a user's own program listens */
    bool suite_only; /* in: a user's own program is refused */
    int runs, parallel;
    struct run_limits limits;
    const char **words; /* what is no option */
    size_t word_count;
    const char *const *args; /* after "--": for the program; NULL if there was none */
};

extern const struct argp common_argp;

/* The defaults; everything else of *options is overwritten. */
void common_options_init(struct common_options *options, void *owner);

/* Cuts argv at "--": what follows goes to options->args. Returns the new argc. */
int common_options_split(struct common_options *options, int argc, char **argv);

/* A number from min to max, or argp's error with the option's name. */
double option_number(const struct argp_state *state, const char *option, const char *text,
                     double min, double max);

/* What the words name, and where it is. */
struct named {
    struct targets targets;
    const char *root;         /* of the suite, or where we stand */
    const char *build_folder; /* of the suite's programs; NULL for others */
};

/* Resolves the words. -1 and *error. */
int common_targets(const struct common_options *options, struct named *named, struct error *error);

/*
 * Runs what the options name, writes the files they ask for; *report is left for printing. Returns
 * an exit code: EXIT_CLEAN if all went well whatever the verdicts, else it has said on stderr what
 * went wrong.
 */
int common_run(const struct common_options *options, struct suite_report *report);

#endif
