/* SPDX-License-Identifier: MIT */
/*
 * Each hazard of the suite is an assignment: its buggy program is the starter, and what is handed in has to pass our own
 * detectors as the fix and its variants do. Where none of them knows the hazard by its kind, DRD has a say; where none judges
 * it at all, the program is run many times.
 */
#ifndef HAZARD_GRADE_READY_H
#define HAZARD_GRADE_READY_H

#include "hazard/catalog/catalog.h"
#include "hazard/grade/assignment.h"

/* Below `owner`. */
struct assignment *ready_assignment(void *owner, const struct catalog *catalog,
                                    const struct hazard *hazard);

#endif
