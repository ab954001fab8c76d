/* SPDX-License-Identifier: MIT */
/* What a program calls, and what explore makes of each call: without running it. */
#ifndef HAZARD_EXPLORE_FRONT_CALLED_H
#define HAZARD_EXPLORE_FRONT_CALLED_H

#include <stddef.h>

#include "base/fail.h"

enum called_how {
    CALLED_MODELLED, /* explore's own takes its place, or judges it */
    CALLED_MEASURED, /* the table says what it does to memory: docs/calls.md */
    CALLED_ASKED,    /* hangs on what it is asked: some of it is refused */
    CALLED_STEPPED,  /* followed, instruction by instruction */
    CALLED_UNKNOWN,  /* not in the table: followed, and taken as conflicting with everything */
    CALLED_REFUSED,  /* `unsupported`, where it is called */
    CALLED_HOWS
};

struct called {
    const char *name;
    enum called_how how;
    const char *why; /* of CALLED_REFUSED */
};

struct calls {
    struct called *items; /* sorted by name */
    size_t count;
};

/* Of a program that `hazard cc` has linked; functions of its own shared libraries, too, are unknown here.
 * Below `owner`. -1 and *error: it is none. */
int called_read(void *owner, const char *program, struct calls *calls, struct error *error);

/* "modelled", "measured"...: as text and JSON name it; and what that means. */
const char *called_how_name(enum called_how how);
const char *called_how_words(enum called_how how);

#endif
