/* SPDX-License-Identifier: MIT */
/* The report on one walk: its counts, its verdict and its findings. */
#ifndef HAZARD_INJECT_REPORT_INJECT_REPORT_H
#define HAZARD_INJECT_REPORT_INJECT_REPORT_H

#include "inject/inject_options.h"
#include "inject/report/injected_finding.h"
#include "inject/walk/injection.h"
#include "report/finding.h"
#include "report/verdict.h"
#include "symbols/spots.h"

struct inject_report {
    enum verdict verdict; /* FOUND, PROVED, BOUNDED or UNSUPPORTED */
    const char *detail;   /* one line */
    const char *next;     /* what to do now, where it is undecided; else "" */
    struct injection injection;
    int64_t tried, blocked, counts[ENDING_KINDS]; /* points */
    struct findings findings;
    struct injected_finding *injected; /* findings.count of them */
    struct spot asked;                 /* with options->at: where that point lies */
    struct sources sources;
};

/* Fills the counts from `injection`. */
void inject_report_count(struct inject_report *report);

/* Fills verdict and detail from the counts and findings, below `owner`. `differs`: a point that came
 * out in another way when it was tried again, in words; NULL: none did. */
void inject_report_conclude(void *owner, struct inject_report *report,
                            const struct inject_options *options, const char *differs);

#endif
