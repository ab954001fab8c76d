/* SPDX-License-Identifier: MIT */
/*
 * Standard input that is a file (config.input). How far it was read is kept by the kernel, and goes back with memory:
 * each execution reads the same from the start, and each state has its place.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_INPUT_H
#define HAZARD_EXPLORE_RUNTIME_INPUT_H

#include <stdint.h>

void input_own(void);  /* in a worker: no other process moves in it any more */
void input_keep(void); /* how far it was read goes into memory, which is about to be kept... */
void input_back(void); /* ... and from there back, when memory is what it was */
uint64_t input_hash(uint64_t hash);

/* The execution is over: did it meet the end of an input that nobody gave it? */
void input_look(void);

#endif
