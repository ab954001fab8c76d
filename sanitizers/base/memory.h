/* SPDX-License-Identifier: MIT */
/*
 * Arrays below a talloc owner. Running out of memory ends hazard with exit 2:
 * nothing sensible can follow.
 */
#ifndef HAZARD_BASE_MEMORY_H
#define HAZARD_BASE_MEMORY_H

#include <talloc.h>

/*
 * A new owner without an owner: whoever makes it frees it. (Never of size 0: leak checkers would
 * not see it held.)
 */
#define new_owner() never_null(talloc_named_const(NULL, 1, "owner"))

/* There is none left: says so and ends the process. */
_Noreturn void memory_exhausted(void);

/* Hands `memory` through, which is never NULL afterwards. */
static inline void *never_null(void *memory) {
    if (memory == NULL)
        memory_exhausted();
    return memory;
}

/* `count` zeroed elements of `type`. */
#define new_array(owner, type, count)                                                              \
    ((type *)never_null(talloc_zero_array((owner), type, (unsigned)(count))))

/* `array` with room for `count` elements of `type`; it may move. */
#define grow_array(owner, array, type, count)                                                      \
    ((type *)never_null(talloc_realloc((owner), (array), type, (unsigned)(count))))

#endif
