/* SPDX-License-Identifier: MIT */
/* Does what comes from a server fit what a turn of a dialogue expects? */
#ifndef HAZARD_RUN_HEARING_H
#define HAZARD_RUN_HEARING_H

#include <stdbool.h>
#include <stddef.h>

#include "run/dialogue.h"

enum heard {
    HEARD_MORE, /* so far it does, and more must come */
    HEARD_ALL,  /* the turn is over */
    HEARD_WRONG /* it does not */
};

struct hearing {
    enum heard heard;
    size_t used; /* of HEARD_ALL: the bytes that are the turn's; the others are the next one's */
    const char *why; /* of HEARD_WRONG: one line below the owner */
    bool misled;     /* of HEARD_WRONG: a whole answer, as it should be, of something else */
};

/* Of the bytes that came since the turn before was over. `ended`: no more will come. */
struct hearing hearing_of(void *owner, const struct turn *turn, const char *bytes, size_t length,
                          bool ended);

/* "\"HTTP/1.0 400...\"": the beginning of the bytes, printable, in quotes. */
const char *hearing_quote(void *owner, const char *bytes, size_t length);

#endif
