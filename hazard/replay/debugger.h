/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_REPLAY_DEBUGGER_H
#define HAZARD_REPLAY_DEBUGGER_H

#include "hazard/replay/replay.h"

/*
 * Starts gdb on the program, on our terminal, stopped before its critical step (the last one, if
 * none is known), and waits until the user leaves it. -1 and *error: gdb is missing, or could not
 * be started.
 */
int debugger_run(void *owner, const struct replay *replay, struct error *error);

#endif
