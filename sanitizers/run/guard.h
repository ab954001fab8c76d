/* SPDX-License-Identifier: MIT */
/*
 * What each program under test goes through last, before it becomes the program, wherever it is started:
 * nothing, unless hazard itself runs beside programs that it must not trust (sandbox/fence.h).
 */
#ifndef HAZARD_RUN_GUARD_H
#define HAZARD_RUN_GUARD_H

/* In the new process. `writes`: a folder that the program's tool writes to; NULL: none. 0, or -1 and errno: then the
 * program is not run. */
typedef int guard_function(void *argument, const char *writes);

/* For all programs that this process and its children start from now on; not for compilers. */
void guard_set(guard_function *guard, void *argument);

/* Who starts a program calls this between fork(2) and execve(2). */
int guard_enter(const char *writes);

#endif
