/* SPDX-License-Identifier: MIT */
/* The program's own file: where its functions are. */
#ifndef HAZARD_SYMBOLS_IMAGE_H
#define HAZARD_SYMBOLS_IMAGE_H

#include <stdint.h>

/* The address of that function of the program `path`, whose first instruction (AT_ENTRY) was mapped
 * at `entry`; 0: it has no such symbol. */
uint64_t image_function(const char *path, uint64_t entry, const char *name);

#endif
