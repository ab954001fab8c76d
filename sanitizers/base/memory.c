/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

void *never_null(void *memory) {
    if (memory == NULL) {
        fputs("hazard: out of memory\n", stderr);
        exit(2);
    }
    return memory;
}
