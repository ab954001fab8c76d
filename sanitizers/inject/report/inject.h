/* SPDX-License-Identifier: MIT */
/* inject, the whole: a walk of one program, and the report on it. */
#ifndef HAZARD_INJECT_REPORT_INJECT_H
#define HAZARD_INJECT_REPORT_INJECT_H

#include "inject/inject_options.h"
#include "inject/report/injected_finding.h"
#include "inject/walk/engine.h"
#include "inject/walk/injection.h"
#include "report/report.h"
#include "subject.h"
#include "symbols/spots.h"

struct inject_report {
    enum verdict verdict; /* FOUND, PROVED, BOUNDED or UNSUPPORTED */
    const char *detail;   /* one line */
    struct injection injection;
    int64_t tried, blocked, counts[ENDING_KINDS]; /* points */
    struct findings findings;
    struct injected_finding *injected; /* findings.count of them */
    struct spot asked;                 /* with options->at: where that point lies */
    struct sources sources;
};

/* Walks, and reports below `owner`. `progress` may be NULL. -1 and *error: hazard itself failed. */
int inject_run(void *owner, const struct subject *subject, const struct inject_options *options,
               engine_progress progress, void *data, struct inject_report *report,
               struct error *error);

#endif
