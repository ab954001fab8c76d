/* SPDX-License-Identifier: MIT */
/*
 * A folder in which "gcc", "cc", "clang"... are hazard itself. With it before the others in $PATH, a
 * rule that names gcc calls `hazard cc`. The folder stays where it is: cmake, for one, remembers
 * where it has found the compiler.
 */
#ifndef HAZARD_CC_CC_TOOLS_H
#define HAZARD_CC_CC_TOOLS_H

#include "base/fail.h"

enum cc_tool { CC_NO_TOOL, CC_C_COMPILER, CC_CXX_COMPILER };

/* What a program of that name is, with or without a folder: "gcc-12", "/usr/bin/x86_64-linux-gnu-g++".
 */
enum cc_tool cc_tool_of(const char *name);

/* The folder, below `owner`, made if need be. NULL and *error: it cannot be. */
const char *cc_tools_folder(void *owner, struct error *error);

/* Takes all such folders out of $PATH, so that the compilers are there again. */
void cc_tools_leave(void);

/* ---- What happened while others built -------------------------------------------------------- */

/* One line into the file that `hazard make` waits for; nothing without it. */
void cc_tools_note(const char *what, const char *about);

/* The name of the variable that leads to the file. */
#define CC_TOOLS_NOTES "HAZARD_MAKE_NOTES"

#endif
