/* SPDX-License-Identifier: MIT */
/* System calls that a command in the sandbox does not have: a seccomp filter, over libseccomp. */
#ifndef HAZARD_SANDBOX_FILTER_H
#define HAZARD_SANDBOX_FILTER_H

#include "sandbox/sandbox.h"

/*
 * For the calling thread and all that it starts; sets no_new_privs. Refused calls fail with EPERM, or ENOSYS
 * where a library then takes another way. `pid`: its own, as it sees it. -1 and errno.
 */
int filter_enter(const struct sandbox *sandbox, const struct sandbox_spec *spec, int pid);

#endif
