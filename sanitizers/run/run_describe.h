/* SPDX-License-Identifier: MIT */
/* How a run ended, in words. */
#ifndef HAZARD_RUN_RUN_DESCRIBE_H
#define HAZARD_RUN_RUN_DESCRIBE_H

#include "run/run.h"

/* "exit 1", "killed by SIGPIPE", "stuck: all 3 threads blocked"...: one line, below `owner`. */
const char *run_describe(void *owner, const struct run_outcome *outcome);

/* The same, with the first line that it wrote to stderr: "exit 2: bind: Address already in use". */
const char *run_explain(void *owner, const struct run_outcome *outcome);

#endif
