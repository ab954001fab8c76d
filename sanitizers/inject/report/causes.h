/* SPDX-License-Identifier: MIT */
/*
 * A bug does harm in several ways: where it is interrupted a little earlier the program sleeps for
 * ever, a little later it dies, and what it prints is wrong. Findings with one cause are one, called
 * by what tells most, and the most telling finding is the first.
 *
 * One cause have those that
 *   - interrupt the program at one line, or in one window of the walk
 *   - blame one call of the handler's
 */
#ifndef HAZARD_INJECT_REPORT_CAUSES_H
#define HAZARD_INJECT_REPORT_CAUSES_H

#include "inject/report/inject_report.h"

/* Joins and sorts report->findings, with report->injected. What comes out below `owner`. */
void causes_join(void *owner, struct inject_report *report);

#endif
