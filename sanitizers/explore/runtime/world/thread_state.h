/* SPDX-License-Identifier: MIT */
/* The world's part of a fiber. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_THREAD_STATE_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_THREAD_STATE_H

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "explore/message/message.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/world/place.h"

struct mutex;
struct once;
struct timed_sleeper;
struct sync;

enum { KEY_BLOCKS = 32, KEYS_IN_BLOCK = PTHREAD_KEYS_MAX / KEY_BLOCKS };

struct specific {
    void *value;
    uint64_t era; /* of the key when it was set */
};

struct thread {
    void *(*start)(void *);
    void *argument;
    bool c11; /* to C, start returns an int: to the machine, that is the lower half */
    bool detached;
    bool leaving; /* runs its handlers and destructors */
    bool cancel_off, cancelled;
    bool cancel_acts; /* woken by the request */
    struct world_place created, joined, detached_at;
    void *result;
    uintptr_t left_at;             /* pc of what ended it */
    struct timed_sleeper *joiners; /* timed ones */
    struct fiber *joins;           /* the thread whose end it waits for */
    const struct sync *waits;      /* what fiber->waits is about */
    enum message_text waits_said;
    void (*interrupt)(struct fiber *); /* at a cancellation point: leaves it. NULL: elsewhere */
    void *interrupted;                 /* its argument */
    struct mutex *robust;
    struct once *once;
    struct _pthread_cleanup_buffer *cleanup;
    __pthread_unwind_buf_t *unwind;
    bool has_specific;
    struct specific *specific[KEY_BLOCKS];
    char name[16];
};

struct thread *thread_of(struct fiber *fiber);
pthread_t thread_handle(const struct fiber *fiber);
struct fiber *thread_find(pthread_t handle, enum message_text verb, uintptr_t pc); /* or misuse */

#endif
