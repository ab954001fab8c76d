/* SPDX-License-Identifier: MIT */
/* System calls without libc. */
#ifndef HAZARD_EXPLORE_RUNTIME_SYSTEM_CALL_H
#define HAZARD_EXPLORE_RUNTIME_SYSTEM_CALL_H

/* -errno when it fails. Leaves errno alone. */
long system_call(long number, long a, long b, long c, long d, long e, long f);

#endif
