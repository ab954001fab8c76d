/* SPDX-License-Identifier: MIT */
/* Who comes next: only looks and decides. */
#ifndef HAZARD_INJECT_FAMILY_ORDER_H
#define HAZARD_INJECT_FAMILY_ORDER_H

#include "inject/family/family.h"

/* What can be let go when nobody can go on. */
enum order_source { ORDER_NOTHING, ORDER_CHILD, ORDER_SIGNAL, ORDER_TIMER, ORDER_NAP };

struct order_next {
    enum order_source source;
    struct task *task; /* ORDER_CHILD, ORDER_TIMER, ORDER_NAP */
    size_t signal;     /* ORDER_SIGNAL: of family->delayed */
};

/* Of those that can go on, the one that has not run for longest; NULL if nobody can. */
struct task *order_ready(const struct family *family);

/* The oldest held child (with family->youngest_first the youngest); else the oldest delayed signal whose receiver lives; else, with `timed`,
 * the timer or nap that ends first, of equals the timer. */
struct order_next order_source(const struct family *family, bool timed);

/* The one that is to go on so that `child` comes to its end: itself, also out of its nap, or a
 * process that it made, also a held one. NULL if there is none. */
struct task *order_for_child(const struct family *family, struct task *child);

/* The first process is the only one, alive or zombie. */
bool order_is_alone(const struct family *family);

#endif
