/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_CC_CC_HOOKS_H
#define HAZARD_CC_CC_HOOKS_H

#include "base/fail.h"

/*
 * Was everything in this file (an object, or an archive of objects) compiled with the compiler's
 * thread hooks? Explore sees nothing of code without them. 0; -1 and *error that names what was
 * not. Files of any other kind (shared libraries, linker scripts) have nothing to be asked.
 */
int cc_hooks_check(const char *file, struct error *error);

/*
 * The archive that -lNAME among the words of a link means, as far as a folder of their -L has one
 * and no shared library of that name (one that `hazard cc` has made is as good as an archive);
 * below `owner`. NULL: it is none of the user's archives.
 * `folder`: where the linker runs, or NULL.
 */
const char *cc_hooks_archive(void *owner, const char *const *words, const char *folder,
                             const char *name);

/* Checks all files that the words of a link name, and the archives that they mean. */
int cc_hooks_check_link(const char *const *words, const char *folder, struct error *error);

#endif
