/* SPDX-License-Identifier: MIT */
/*
 * Within the sandbox, hazard and the programs that it runs are one user. A fence keeps the programs off hazard: each is locked
 * into a Landlock domain of its own, below hazard's. It may read the system and what hazard has built, and write its own
 * folder alone; it may trace nobody outside of its domain, nor, where the kernel knows that (ABI 6), send it a signal. And nobody
 * but the kernel's own user may look into hazard's memory and descriptors (PR_SET_DUMPABLE).
 */
#ifndef HAZARD_SANDBOX_FENCE_H
#define HAZARD_SANDBOX_FENCE_H

#include "base/fail.h"

/*
 * For all programs under test that this process and its children start from now on; compilers are outside of it. `builds`: the folder
 * that programs are built in, which they may read; `own`: the one that they may write. Absolute paths, which outlive the
 * process. Without Landlock the second half alone. 0, or -1 and *error.
 */
int fence_raise(const char *builds, const char *own, struct error *error);

#endif
