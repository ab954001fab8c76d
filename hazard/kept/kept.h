/* SPDX-License-Identifier: MIT */
/*
 * Programs that were built are kept, so that the next time need not build them.
 *
 * Kept or built must make no difference but time. So what is kept is found by all that was asked
 * (sources, flags, compiler, folder, what the environment tells compilers), and is used only if all
 * that it was made of (headers, compiler, linker, libraries, hazard's runtime) is still the same.
 * Whatever is in doubt, damaged or cannot be written is built as if nothing were kept.
 */
#ifndef HAZARD_KEPT_KEPT_H
#define HAZARD_KEPT_KEPT_H

#include <stdbool.h>

#include "base/fail.h"
#include "flavour.h"
#include "hazard/cc/recipe.h"

struct kept;

/* What is asked, before anything is built of it. *kept is NULL if nothing is kept. -1 and *error:
 * what the user says of the cache makes no sense. */
int kept_open(void *owner, const struct flavour *flavour, const struct recipe *recipe,
              struct kept **kept, struct error *error);

/* Makes the program at `path` of what is kept. False if nothing fit is. */
bool kept_take(const struct kept *kept, const char *path);

/* It was made of what a compiler or a linker, which ran in `folder` (or NULL), has written into
 * `makefile`, but of files whose paths begin with `but`. */
void kept_made_of_sources(struct kept *kept, const char *makefile, const char *but,
                          const char *folder);
void kept_made_of_objects(struct kept *kept, const char *makefile, const char *but,
                          const char *folder);

/* Keeps the program. If that fails, it is not kept, and that is no error. */
void kept_put(struct kept *kept, const char *program);

#endif
