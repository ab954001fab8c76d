/* SPDX-License-Identifier: MIT */
/* --stdin, --env and --cwd, of the commands that run programs. */
#ifndef HAZARD_COMMANDS_SURROUNDING_OPTIONS_H
#define HAZARD_COMMANDS_SURROUNDING_OPTIONS_H

#include <argp.h>

#include "run/surroundings.h"

/* Its input: what the options say. All is looked at while they are read: what is not there ends
 * the command before anything is built. */
struct surrounding_options {
    void *owner; /* in: whose memory */
    struct surroundings surroundings;
    const char *input, *folder; /* as the user wrote them; NULL: not given */
    const char **environment;
};

extern const struct argp surrounding_options_argp;

/* Adds to a line for the user to repeat (see shell_line.h) what was said. */
char *surrounding_options_repeat(char *line, const struct surrounding_options *options);

#endif
