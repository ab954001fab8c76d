/* SPDX-License-Identifier: MIT */
/* Leaving a thread in the middle. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_UNWIND_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_UNWIND_H

#include "explore/runtime/world/thread_state.h"

_Noreturn void unwind_thread(struct thread *thread);

#endif
