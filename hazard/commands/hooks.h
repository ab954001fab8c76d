/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_COMMANDS_HOOKS_H
#define HAZARD_COMMANDS_HOOKS_H

#include "base/fail.h"

/*
 * Was everything in this file (an object, or an archive of objects) compiled with the compiler's
 * thread hooks? Explore sees nothing of code without them. 0; -1 and *error that names what was
 * not. Files of any other kind (shared libraries, linker scripts) have nothing to be asked.
 */
int hooks_check(const char *file, struct error *error);

#endif
