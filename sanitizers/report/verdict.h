/* SPDX-License-Identifier: MIT */
/*
 * What all runs of one program under one detector came to. Which of several verdicts wins: see
 * ARCHITECTURE.md.
 */
#ifndef HAZARD_REPORT_VERDICT_H
#define HAZARD_REPORT_VERDICT_H

enum verdict {
    VERDICT_FOUND,       /* the planted hazard: right kind, at a marked line */
    VERDICT_OTHER,       /* something else was reported */
    VERDICT_SILENT,      /* the program ran to its end and nothing was reported */
    VERDICT_HUNG,        /* it never ended, and nothing was reported */
    VERDICT_CHANGED,     /* it spins for ever under the tool, and ends without */
    VERDICT_PROVED,      /* every schedule or instruction was tried, none fails */
    VERDICT_BOUNDED,     /* the budget ended first, none failed so far */
    VERDICT_UNSUPPORTED, /* the program uses something that the detector cannot take */
    VERDICT_REFUTED,     /* all that was reported are false alarms: another detector has a proof */
    VERDICT_DOUBTFUL, /* all that was reported are known false alarms, and nothing refutes them */
    VERDICT_COUNT
};

/* As the catalogue spells it: "found". */
const char *verdict_name(enum verdict verdict);

/* The verdict of that name; -1 if there is none. */
int verdict_from_name(const char *name);

#endif
