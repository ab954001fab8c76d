/* SPDX-License-Identifier: MIT */
/*
 * The state of a stopped process, but for its general registers (cpu.h): if both come back and no
 * call was made in between, it goes round for ever, unless somebody else does something.
 */
#ifndef HAZARD_INJECT_PROCESS_STATE_HASH_H
#define HAZARD_INJECT_PROCESS_STATE_HASH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A hash of its private writable memory, floating point and vector registers. False where that is
 * not all there is: it has writable memory in common with others; or if it cannot be read. */
bool state_hash(pid_t pid, uint64_t *state);

/* With its mappings, signals and descriptors: if calls were made in between that change nothing
 * else. */
bool state_hash_whole(pid_t pid, uint64_t *state);

#endif
