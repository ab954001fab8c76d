/* SPDX-License-Identifier: MIT */
/*
 * How much a kind of finding weighs: an error fails the program; a warning is told, and does not; what is ignored
 * is not looked for.
 */
#ifndef HAZARD_REPORT_SEVERITY_H
#define HAZARD_REPORT_SEVERITY_H

#include <stdint.h>

#include "base/fail.h"
#include "report/kind.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_IGNORED };

struct severities {
    uint8_t of[KIND_COUNT]; /* enum severity */
};

/* By default what is a matter of taste is a warning: a thread that is never joined, an exit status. */
#define SEVERITIES_DEFAULT                                                                         \
    {                                                                                              \
        .of = { [KIND_THREAD_LEAK] = SEVERITY_WARNING, [KIND_EXIT] = SEVERITY_WARNING }            \
    }

/* All kinds are errors: for the suite, whose programs are about them. */
extern const struct severities severity_strict;

/* Kinds by name, with commas between them, get that severity; `shown` is the option for the error: "--error". */
int severity_take(struct severities *severities, enum severity severity, const char *shown,
                  const char *kinds, struct error *error);

#endif
