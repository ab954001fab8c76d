/* SPDX-License-Identifier: MIT */
/* One hand-in, from its files to its grade: collected, looked through by the gate, built, and each check run in the sandbox. */
#ifndef HAZARD_GRADE_GRADING_H
#define HAZARD_GRADE_GRADING_H

#include "hazard/grade/assignment.h"
#include "hazard/grade/mark.h"
#include "sandbox/sandbox.h"

/*
 * `handin`: a folder or a file. Whatever happens comes out as a grade: what is the platform's fault is GRADE_BROKEN, with the
 * reason. Nothing is left behind. -1 and *error only when the user interrupted, or the hand-in is not there.
 */
int grading_run(void *owner, const struct assignment *assignment, const struct sandbox *sandbox,
                const char *handin, struct grade *grade, struct error *error);

/* What it comes to where nothing came back of that: the platform's fault. */
void grading_broken(void *owner, const struct assignment *assignment, const struct sandbox *sandbox,
                    const char *handin, const char *reason, struct grade *grade);

#endif
