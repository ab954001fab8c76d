/* SPDX-License-Identifier: MIT */
/* inject, the whole: a walk of one program, and the report on it. */
#ifndef HAZARD_INJECT_REPORT_INJECT_H
#define HAZARD_INJECT_REPORT_INJECT_H

#include "inject/inject_options.h"
#include "inject/report/inject_report.h"
#include "inject/walk/engine.h"
#include "subject.h"

/* Walks, and reports below `owner`. `progress` may be NULL. -1 and *error: hazard itself failed. */
int inject_run(void *owner, const struct subject *subject, const struct inject_options *options,
               engine_progress progress, void *data, struct inject_report *report,
               struct error *error);

#endif
