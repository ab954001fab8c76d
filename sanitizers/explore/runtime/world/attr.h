/* SPDX-License-Identifier: MIT */
/* Attribute objects: attr.c. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_ATTR_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_ATTR_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* A thread's. */
struct attr {
    int32_t detached, inherit, policy, scope, priority;
    void *stack;
    size_t stack_size, guard_size;
};

/* What a NULL attribute stands for too. */
int32_t attr_mutex_word(const pthread_mutexattr_t *attr, uintptr_t pc);
clockid_t attr_cond_clock(const pthread_condattr_t *attr, uintptr_t pc);
int attr_rwlock_kind(const pthread_rwlockattr_t *attr, uintptr_t pc);

#endif
