/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_CC_CC_RUN_H
#define HAZARD_CC_CC_RUN_H

#include "base/fail.h"

/* Runs a compiler or the like, which prints where we do. Its exit status (2 if a signal ended it);
 * -1 and *error: it cannot be run. */
int cc_run(const char *const *words, struct error *error);

#endif
