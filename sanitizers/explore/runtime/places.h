/* SPDX-License-Identifier: MIT */
/*
 * Where the runtime's own memory lies: at fixed addresses, so that it is the same in every execution
 * and worker, is neither rewound with the program (rewind.c) nor in reach of a wild store next to a
 * program's block, and is found without a pointer. The heap and the stacks of the program's threads
 * lie at addresses that hazard knows too: see shared.h.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_PLACES_H
#define HAZARD_EXPLORE_RUNTIME_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/shared.h"

#define SHARED_ADDRESS ((uintptr_t)0x100000000000)
#define LASTING_ADDRESS ((uintptr_t)0x180000000000)
#define EXECUTION_ADDRESS ((uintptr_t)0x1c0000000000)

/* The books of heap, race detector and call stacks, below the stacks of the threads. */
#define CLOCKS_ADDRESS ((uintptr_t)0x290000000000) /* the detector's, and the roots of its shadow */
#define SHADOW_ADDRESS ((uintptr_t)0x291000000000) /* what there is of each page */
#define CELLS_ADDRESS ((uintptr_t)0x291800000000)  /* the cells */
#define FRAMES_ADDRESS ((uintptr_t)0x292000000000) /* one FRAMES_SIZE for each actor */
#define FRAMES_SIZE ((uintptr_t)1 << 27)
#define BOOKS_ADDRESS ((uintptr_t)0x294000000000)  /* the heap's own state */
#define BLOCKS_ADDRESS ((uintptr_t)0x295000000000) /* one BLOCKS_SIZE for each heap region */
#define BLOCKS_SIZE ((uintptr_t)1 << 30)

#define CHECKPOINTS_ADDRESS ((uintptr_t)0x2a0000000000)
#define UNDO_ADDRESS ((uintptr_t)0x2a1000000000)
#define IMAGE_DISTANCE                                                                             \
    ((ptrdiff_t)0x380000008000) /* from memory to what it was at the latest checkpoint */

/* What the program maps for itself: one MAPPINGS_SIZE for each actor. */
#define MAPPINGS_ADDRESS ((uintptr_t)0x400000000000)
#define MAPPINGS_SIZE ((uintptr_t)1 << 36)

enum {
    REGION_RUNTIME = OP_ACTORS,
    REGION_COUNT
}; /* heap regions: one an actor, and the runtime's */

#define STACK_SIZE ((uintptr_t)8 << 20) /* of a thread; what remains of STACK_SPACE is its guard */

/* Zeroed memory at that address, costing nothing until it is touched. True also when it is there
 * already. */
bool place_map(uintptr_t address, size_t size);

/* The same, but the process ends if there is none, or if something is there already. */
void place_take(uintptr_t address, size_t size);

#endif
