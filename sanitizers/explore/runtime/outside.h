/* SPDX-License-Identifier: MIT */
/*
 * What the kernel keeps for the program: which files it has open and how far they were read, memory that it mapped,
 * the mask of new files, limits. It lies outside what is rewound, and belongs to the state that may recur nevertheless.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_OUTSIDE_H
#define HAZARD_EXPLORE_RUNTIME_OUTSIDE_H

#include <stdbool.h>
#include <stdint.h>

void outside_begin(void); /* before main: which descriptors there are */
bool outside_is_inherited(int descriptor);
uint64_t outside_hash(uint64_t hash);

#endif
