/* SPDX-License-Identifier: MIT */
/*
 * Valgrind's XML report (protocol version 4) of Helgrind and DRD. The format is described in
 * Valgrind's own docs/internals/xml-output-protocol4.txt.
 */
#ifndef HAZARD_VALGRIND_VALGRIND_PARSE_H
#define HAZARD_VALGRIND_VALGRIND_PARSE_H

#include "base/fail.h"
#include "report/finding.h"

struct valgrind_end {
    bool complete;        /* Valgrind wrote it to its end */
    const char *left_out; /* calls, in which what it said was a false alarm of own_locks.h; "" */
};

/*
 * Appends what one report file says. A file that was cut off (the program was killed) gives what is
 * there. -1 and *error if it is no report of this protocol, or has an error of a kind that we do
 * not know.
 */
int valgrind_parse(void *owner, const char *path, struct findings *findings,
                   struct valgrind_end *end, struct error *error);

#endif
