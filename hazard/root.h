/* SPDX-License-Identifier: MIT */
/*
 * Where things are: the suite's programs and catalogue, the folder for what we build, and scratch
 * space.
 */
#ifndef HAZARD_ROOT_H
#define HAZARD_ROOT_H

#include "base/fail.h"

/*
 * The absolute path of the folder with buggy/, fixed/ and catalog/: $HAZARD_HOME, else the source
 * tree that this executable was built in, else ../share/hazard from where it was installed. NULL and *error if none of them
 * is there.
 */
const char *root_find(void *owner, struct error *error);

/*
 * A folder for the suite's compiled programs, made if need be: root/build/suite in a source tree,
 * $XDG_CACHE_HOME/hazard when the root is not ours to write in.
 */
const char *root_build_folder(void *owner, const char *root, struct error *error);

/*
 * A file that comes with hazard ("explore/runtime.o"): where the executable was built, else where
 * it was installed: ../lib/hazard and ../share/hazard from its own folder. NULL and *error if it is in neither place.
 */
const char *root_data(void *owner, const char *name, struct error *error);

/* The folder of <hazard.h>, likewise. */
const char *root_include_folder(void *owner, struct error *error);

/* A new empty scratch folder below $TMPDIR (default /tmp). Whoever made it calls folder_remove. */
const char *root_scratch(void *owner, struct error *error);

#endif
