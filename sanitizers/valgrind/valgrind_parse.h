/* SPDX-License-Identifier: MIT */
/*
 * Valgrind's XML report of Helgrind and DRD: protocol 4, 5 (4 with --track-fds) and 6 (since 3.27),
 * which say threads' errors alike. The format is described in Valgrind's own
 * docs/internals/xml-output-protocol4.txt and the like.
 */
#ifndef HAZARD_VALGRIND_VALGRIND_PARSE_H
#define HAZARD_VALGRIND_VALGRIND_PARSE_H

#include "base/fail.h"
#include "report/finding.h"

struct valgrind_end {
    bool complete;        /* Valgrind wrote it to its end */
    const char *gap;      /* what in it cannot be read, the first of several; NULL: all was */
    const char *left_out; /* calls, in which what it said was a false alarm of own_locks.h; "" */
    const char *used;     /* names of all other suppressions that were of use, a line each; "" */
};

/*
 * Appends what one report file says. A file that was cut off (the program was killed) gives what is
 * there; of another protocol nothing is read, and of errors of a kind that we do not know nothing
 * but that there are some: `gap` says so. -1 and *error if it is no report.
 */
int valgrind_parse(void *owner, const char *path, struct findings *findings,
                   struct valgrind_end *end, struct error *error);

#endif
