/* SPDX-License-Identifier: MIT */
/*
 * Compiles programs under test, in the flavour that a detector asks for.
 */
#ifndef HAZARD_SUITE_BUILD_H
#define HAZARD_SUITE_BUILD_H

#include "base/fail.h"
#include "detector.h"
#include "hazard/cc/recipe.h"

/*
 * Compiles and links what `recipe` says into `output` (made beside it and renamed: never a half-written
 * program). Nothing is done when `output` is newer than all it depends on. -1 and *error when that
 * fails; if that is the program's own fault, the compiler's words are then in *words (below
 * `owner`; "": it was not asked), else *words is NULL.
 */
int build_program(void *owner, const struct flavour *flavour, const struct recipe *recipe,
                  const char *output, const char **words, struct error *error);

/* Likewise, of what was kept when it was built before: for an `output` that does not stay. */
int build_kept_program(void *owner, const struct flavour *flavour, const struct recipe *recipe,
                       const char *output, const char **words, struct error *error);

#endif
