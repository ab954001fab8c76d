/* SPDX-License-Identifier: MIT */
/*
 * What a platform wants around `hazard grade`: a script in the place and under the name that it runs, an image or a set-up, its
 * configuration. The files lie in adapters/NAME of the source tree (share/hazard/adapters where it is installed), with @WORDS@ that
 * adapter_words.h knows; to each belong adapters/hazard-grade, which all of them run, and docs/platforms/NAME.md.
 *
 * None of them makes 0 points of what the platform is to blame for: where hazard does not come to an end, they have
 * `not-graded`, the format's own words for that, which is written here.
 */
#ifndef HAZARD_GRADE_ADAPTER_ADAPTER_H
#define HAZARD_GRADE_ADAPTER_ADAPTER_H

#include <stddef.h>
#include <stdio.h>

#include "base/fail.h"
#include "hazard/grade/assignment.h"

struct adapter {
    const char *name;   /* "gradescope" */
    const char *title;  /* "Gradescope" */
    const char *format; /* of `hazard grade --format`, which its scripts ask for */
    const char *
        where; /* the folder in which hazard-grade, not-graded and the assignment lie: "tests/", "" */
};

/* In the order of their names. */
extern const struct adapter adapters[];
extern const size_t adapter_count;

/* NULL: there is none of that name, and *error says which there are. */
const struct adapter *adapter_find(const char *name, struct error *error);

/*
 * Writes the adapter's files, and those of the assignment's that grading needs (none of a hazard of the suite), below `folder`, which is
 * made, and says on `out` which. `root` is root_find's. -1 and *error: a file is there already (then nothing is written), or cannot be
 * read or written.
 */
int adapter_write(const struct adapter *adapter, const struct assignment *assignment,
                  const char *root, const char *folder, FILE *out, struct error *error);

#endif
