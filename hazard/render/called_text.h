/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_CALLED_TEXT_H
#define HAZARD_RENDER_CALLED_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "explore/front/called.h"

/* What a program calls. */
struct called_program {
    const char *program; /* as the user named it */
    struct calls calls;
    bool failed; /* they cannot be told */
};

/* By what explore makes of them; nothing of one that failed. */
void called_text(FILE *out, const struct called_program *called);

/* {"program", "calls": [{"name", "how", "why"}]}. New reference. */
json_t *called_json(const struct called_program *called);

#endif
