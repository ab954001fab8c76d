/* SPDX-License-Identifier: MIT */
/*
 * What a thread may do without end, and must not, or no search would end: each is bounded, by a number
 * that the user can set, and a verdict names the bounds that its program came near.
 */
#ifndef HAZARD_EXPLORE_SHARED_BOUNDS_H
#define HAZARD_EXPLORE_SHARED_BOUNDS_H

enum bound {
    BOUND_SPURIOUS, /* waits that wake up for nothing */
    BOUND_WEAK,     /* weak compare-exchanges that fail for nothing */
    BOUND_TIMEOUTS, /* timed waits whose time runs out though others could still move */
    BOUND_LATE,     /* looks at the clock that come late... */
    BOUND_LOOKS,    /* ... and could: the first ones */
    BOUND_STORES,   /* stores that wait in a store buffer at a time */
    BOUND_COUNT
};

enum {
    BOUND_FREE = -1
}; /* of the first three: none where the search needs none, else the usual one */

static inline int bounds_usual(enum bound bound, int number) {
    static const int usual[BOUND_COUNT] = {
        [BOUND_SPURIOUS] = 1, [BOUND_WEAK] = 2, [BOUND_TIMEOUTS] = 3};
    return number == BOUND_FREE ? usual[bound] : number;
}
enum { STORES_MOST = 64 /* that bound's most: what processors have is about as much */ };

/* How near a search came to a bound. */
enum bound_use {
    BOUND_UNUSED,
    BOUND_MET, /* some thread could have done it */
    BOUND_REACHED /* some thread could have done it more often than it may: there is more than was tried */
};

#endif
