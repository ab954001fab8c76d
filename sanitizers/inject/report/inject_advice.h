/* SPDX-License-Identifier: MIT */
/* What to do now, where inject could not decide. */
#ifndef HAZARD_INJECT_REPORT_INJECT_ADVICE_H
#define HAZARD_INJECT_REPORT_INJECT_ADVICE_H

#include "report/verdict.h"

/* Of a verdict BOUNDED or UNSUPPORTED, with these words; else "". */
const char *inject_advice(enum verdict verdict, const char *detail);

#endif
