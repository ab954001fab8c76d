/* SPDX-License-Identifier: MIT */
/*
 * What `check` and `matrix` have in common: their options, as an argp child parser, and the run of
 * what the options name.
 */
#ifndef HAZARD_COMMANDS_CHECKING_H
#define HAZARD_COMMANDS_CHECKING_H

#include <argp.h>

#include "hazard/commands/naming.h"
#include "hazard/result.h"
#include "run/run.h"

struct checking {
    struct naming naming;
    const char *with;                 /* NULL: all detectors */
    const char *junit, *sarif;        /* files to write; NULL: none */
    struct suppressions suppressions; /* of a user's own program */
    const char *const *told;          /* likewise, as in target.h */
    bool json;
    bool server;     /* a user's own program listens */
    bool suite_only; /* in: a user's own program is refused */
    int runs, jobs;
    struct run_limits limits;
};

/* Its input is a struct checking. */
extern const struct argp checking_argp;

/* A user's own program listens. */
void checking_serve(struct checking *checking);

/* The defaults, for that command. */
struct checking checking_new(void *owner, const char *command);

/*
 * Runs what the options name, writes the files they ask for; *report is left for printing. Returns
 * an exit code: EXIT_CLEAN if all went well whatever the verdicts, else it has said on stderr what
 * went wrong.
 */
int checking_run(const struct checking *checking, struct suite_report *report);

#endif
