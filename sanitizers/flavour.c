/* SPDX-License-Identifier: MIT */
#include "flavour.h"

#include <stddef.h>

/* -O0: what is written is what runs. DWARF 4: Valgrind 3.19 does not read all that clang writes as
 * version 5. */
static const char *const plain_flags[] = {"-std=gnu17", "-g", "-gdwarf-4", "-O0", "-pthread", NULL};

const struct flavour flavour_plain = {
    .name = "plain", .compiler = "gcc", .package = "gcc", .flags = plain_flags};
