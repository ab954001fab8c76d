/* SPDX-License-Identifier: MIT */
/*
 * The options of a detector on the command line of a subcommand of its own. What the catalogue says
 * of a program of the suite goes before the defaults, and what the user says before the catalogue.
 */
#ifndef HAZARD_COMMANDS_DETECTOR_OPTIONS_H
#define HAZARD_COMMANDS_DETECTOR_OPTIONS_H

#include <argp.h>

#include "detector.h"
#include "hazard/suite/target.h"

/* The input of the argp parser below. */
struct detector_options {
    void *owner; /* in: whose memory */
    const struct detector *detector;
    void *tried;        /* in: options of the detector, on which each is tried as it is read, so
                           that a wrong one is told before anything is built */
    const char **given; /* what the user says: a name, its value, ..., NULL; NULL: nothing */
    size_t given_count; /* of words */
};

/* A child for the subcommand's argp, whose `parser` hands it the struct at ARGP_KEY_INIT. */
const struct argp *detector_options_argp(void *owner, const struct detector *detector);

/* The value that the user gave to an option; NULL: none. */
const char *detector_options_given(const struct detector_options *options, const char *name);

/* Sets in `to`, which has the defaults, what is said for that program. -1 and *error. */
int detector_options_apply(const struct detector_options *options, const struct target *target,
                           void *to, struct error *error);

/* Adds to a line for the user to repeat (see shell_line.h) what a record of `said` says. */
char *detector_options_repeat(char *line, const struct detector *detector, const void *said,
                              const void *defaults);

#endif
