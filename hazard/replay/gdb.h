/* SPDX-License-Identifier: MIT */
/* gdb in the foreground. */
#ifndef HAZARD_REPLAY_GDB_H
#define HAZARD_REPLAY_GDB_H

#include "base/fail.h"

/* Runs the command line (NULL-terminated, its first word found on the PATH) to its end; the terminal's signals are its
 * own meanwhile, and stay ignored here. -1 and *error: it cannot be run. */
int gdb_run(const char *const *argv, struct error *error);

#endif
