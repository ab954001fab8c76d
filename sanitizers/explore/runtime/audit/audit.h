/* SPDX-License-Identifier: MIT */
/*
 * The audit: does the program access memory that no hook of the compiler announced? Each
 * instruction that could is looked at when it runs first; one that does is announced from then on.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_AUDIT_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_AUDIT_H

#include <stdbool.h>

void audit_start(void); /* once, before the snapshot */

/* A new execution; the last one may have ended within an instruction that was looked at. */
void audit_begin(void);

/* SIGTRAP. False: it is not ours. */
bool audit_trap(void *context);

#endif
