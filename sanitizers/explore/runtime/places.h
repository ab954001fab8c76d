/* SPDX-License-Identifier: MIT */
/*
 * Where heap, race detector and call stacks keep their books: at fixed addresses below the fibers'
 * stacks, so that they are neither rewound with the program (rewind.c) nor in reach of a wild
 * store next to a program's block, and are found without a pointer.
 */
#ifndef HAZARD_EXPLORE_PLACES_H
#define HAZARD_EXPLORE_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/runtime/kernel.h"

enum {
    REGION_RUNTIME = OP_ACTORS,
    REGION_COUNT
}; /* heap regions: one an actor, and the runtime's */

#define CLOCKS_ADDRESS ((uintptr_t)0x290000000000) /* the detector's, and the roots of its shadow */
#define SHADOW_ADDRESS ((uintptr_t)0x291000000000) /* pages of cells, as they are needed */
#define FRAMES_ADDRESS ((uintptr_t)0x292000000000) /* one FRAMES_SIZE for each actor */
#define FRAMES_SIZE ((uintptr_t)1 << 26)
#define BOOKS_ADDRESS ((uintptr_t)0x294000000000)  /* the heap's own state */
#define BLOCKS_ADDRESS ((uintptr_t)0x295000000000) /* one BLOCKS_SIZE for each heap region */
#define BLOCKS_SIZE ((uintptr_t)1 << 30)

/* Zeroed memory at that address, costing nothing until it is touched. True also when it is there
 * already. */
bool place_map(uintptr_t address, size_t size);

#endif
