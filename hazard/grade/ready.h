/* SPDX-License-Identifier: MIT */
/*
 * Each hazard of the suite is an assignment: its buggy program is the starter, and what is handed in has to pass our own
 * detectors as the fix does. Third-party tools have no say in it, as what they see is a matter of chance.
 */
#ifndef HAZARD_GRADE_READY_H
#define HAZARD_GRADE_READY_H

#include "hazard/catalog/catalog.h"
#include "hazard/grade/assignment.h"

/* Below `owner`. NULL and *error: none of our own detectors proves its fix. */
struct assignment *ready_assignment(void *owner, const struct catalog *catalog,
                                    const struct hazard *hazard, struct error *error);

#endif
