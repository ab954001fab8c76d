/* SPDX-License-Identifier: MIT */
/* Who could still wake a family in which nobody can go on: somebody outside, with a signal. */
#ifndef HAZARD_INJECT_FAMILY_OUTSIDE_H
#define HAZARD_INJECT_FAMILY_OUTSIDE_H

#include <stdint.h>

#include "inject/family/family.h"

/* The set of signals for which one of its processes has a handler, or waits in a call or at a
 * descriptor. Those that tell of an error, or of what the program has done itself (a child, a
 * timer, a pipe), do not come from outside: they count only if it is the signal `but`. */
uint64_t outside_signals(const struct family *family, int but);

#endif
