/* SPDX-License-Identifier: MIT */
/* Threads: creation, end, join, detach. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_THREAD_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_THREAD_H

#include <pthread.h>
#include <stdint.h>

#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/thread_state.h"

/* `like` has its start routine, its argument, and whether it is detached. */
int thread_create(pthread_t *handle, const struct thread *like, uintptr_t pc);
int thread_join(pthread_t handle, void **result, struct limit *limit, uintptr_t pc);
int thread_detach(pthread_t handle, uintptr_t pc);

/* Accesses: to its end (`need` 1: it has ended), to its handle. */
struct access thread_end(const struct fiber *fiber, int32_t need);
struct access thread_use(const struct fiber *fiber, enum mode mode);

/* The calling thread leaves: cleanup handlers (unwind.c), then destructors and the end. */
_Noreturn void thread_exit(void *result, uintptr_t pc);
_Noreturn void thread_finish(struct thread *thread); /* the latter */

#endif
