/* SPDX-License-Identifier: MIT */
#include "flavour.h"

#include <stddef.h>

#include "base/memory.h"

/* -O0: what is written is what runs. DWARF 4: Valgrind 3.19 does not read all that clang writes as
 * version 5. */
static const char *const plain_flags[] = {"-std=gnu17", "-g", "-gdwarf-4", "-O0", "-pthread", NULL};

const struct flavour flavour_plain = {
    .name = "plain", .compiler = "gcc", .package = "gcc", .flags = plain_flags};

/* Appends the words of `more`, and a NULL that the next call writes over. */
static const char **append(void *owner, const char **flags, size_t *count,
                           const char *const *more) {
    for (size_t i = 0; more[i] != NULL; i++) {
        flags = grow_array(owner, flags, const char *, *count + 2);
        flags[(*count)++] = more[i];
        flags[*count] = NULL;
    }
    return flags;
}

const struct flavour *flavour_with(void *owner, const struct flavour *base,
                                   const char *const *more) {
    size_t count = 0;
    struct flavour *flavour = new_array(owner, struct flavour, 1);
    *flavour = *base;
    flavour->flags = append(owner, append(owner, NULL, &count, base->flags), &count, more);
    return flavour;
}
