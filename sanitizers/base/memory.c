/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

void memory_exhausted(void) {
    fputs("hazard: out of memory\n", stderr);
    exit(2);
}
