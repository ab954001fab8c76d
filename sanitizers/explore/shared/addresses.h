/* SPDX-License-Identifier: MIT */
/* Where an actor's heap and stack lie: as its number says, in every execution. */
#ifndef HAZARD_EXPLORE_SHARED_ADDRESSES_H
#define HAZARD_EXPLORE_SHARED_ADDRESSES_H

#include <stdint.h>

#define HEAP_ADDRESS ((uintptr_t)0x200000000000) /* one HEAP_SIZE for each actor */
#define HEAP_SIZE ((uintptr_t)1 << 35)
#define STACK_ADDRESS ((uintptr_t)0x300000000000) /* one STACK_SPACE for each actor */
#define STACK_SPACE ((uintptr_t)1 << 26)

#endif
