/* SPDX-License-Identifier: MIT */
/* Signals that one process of a family sent to another, and that wait: a queue. */
#ifndef HAZARD_INJECT_FAMILY_DELAYED_H
#define HAZARD_INJECT_FAMILY_DELAYED_H

#include <stdbool.h>
#include <stddef.h>

struct delayed_signal {
    int to, from; /* ids, as the program sees them */
    int number;
};

struct delayed {
    struct delayed_signal *items; /* the oldest first */
    size_t count;
    bool could_merge; /* two waited for one receiver: only one might have come */
};

/* The queue lies below `owner`. */
void delayed_add(void *owner, struct delayed *delayed, struct delayed_signal signal);

/* *delayed is a copy of another: it becomes a queue of its own, below `owner`. */
void delayed_separate(void *owner, struct delayed *delayed);

/* The signal at that index, which is taken out, as are all before it. */
struct delayed_signal delayed_take(struct delayed *delayed, size_t index);

#endif
