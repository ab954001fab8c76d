/* SPDX-License-Identifier: MIT */
/*
 * How a function of hazard says why it failed.
 *
 * A function that can fail takes a `struct error *`, fills it and returns -1 (or NULL). The text is
 * one line: what, which, where, what to do. It speaks of hazard and its surroundings; what the
 * program under test did wrong is never an error but a finding (report/finding.h).
 */
#ifndef HAZARD_BASE_FAIL_H
#define HAZARD_BASE_FAIL_H

struct error {
    char text[1024];
};

/* Fills *error (which may be NULL) and returns -1, for a caller that has to return the same. */
int fail(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
