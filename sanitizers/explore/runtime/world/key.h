/* SPDX-License-Identifier: MIT */
/* Thread-specific data. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_KEY_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_KEY_H

#include <stdint.h>

#include "explore/runtime/world/thread_state.h"

void keys_destroy(struct thread *thread);
int key_create(uint32_t *key, void (*destructor)(void *), uintptr_t pc);
int key_delete(uint32_t key, uintptr_t pc);
void *key_get(uint32_t key, uintptr_t pc);
int key_set(uint32_t key, void *value, uintptr_t pc);

#endif
