/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_REPLAY_INJECT_GDB_H
#define HAZARD_REPLAY_INJECT_GDB_H

#include "base/fail.h"
#include "inject/inject_options.h"
#include "subject.h"

/*
 * Starts gdb on our terminal, attached to the program where the signal of options->at is about to
 * be delivered. Returns when gdb ends; the program ends then, too. -1 and *error.
 */
int inject_gdb(void *owner, const struct subject *subject, const struct inject_options *options,
               struct error *error);

#endif
