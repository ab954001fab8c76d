/* SPDX-License-Identifier: MIT */
/* A hash of 64 bits, fast for pages of memory. */
#ifndef HAZARD_EXPLORE_RUNTIME_HASH_H
#define HAZARD_EXPLORE_RUNTIME_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size);

#endif
