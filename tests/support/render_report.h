/* SPDX-License-Identifier: MIT */
/* Reports made by hand, with something of everything that a renderer must cope with. */
#ifndef HAZARD_TESTS_SUPPORT_RENDER_REPORT_H
#define HAZARD_TESTS_SUPPORT_RENDER_REPORT_H

#include "hazard/result.h"

#define RENDER_SUITE "tests/fixtures/render/suite"

/* Two hazards of a suite in RENDER_SUITE: verdicts as expected and not, findings of all forms. */
struct suite_report *report_of_suite(void *owner);

/* The same hazard under explore: found with its schedule, bounded, proved in another number of
 * executions than expected. */
struct suite_report *report_of_explore(void *owner);

/* A program of the user's own under five detectors, one verdict each. */
struct suite_report *report_of_user(void *owner);

#endif
