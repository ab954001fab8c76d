/* SPDX-License-Identifier: MIT */
/* Threads: thread.c, unwind.c (how they are left), once.c, key.c. */
#ifndef HAZARD_EXPLORE_WORLD_THREAD_H
#define HAZARD_EXPLORE_WORLD_THREAD_H

#include <limits.h>
#include <pthread.h>

#include "explore/runtime/world/limit.h"

struct mutex;
struct once;

enum { KEY_BLOCKS = 32, KEYS_IN_BLOCK = PTHREAD_KEYS_MAX / KEY_BLOCKS };

struct specific {
    void *value;
    uint64_t era; /* of the key when it was set */
};

/* The world's part of a fiber. */
struct thread {
    void *(*start)(void *);
    int (*start_c11)(void *); /* or this */
    void *argument;
    bool detached;
    bool leaving; /* runs its handlers and destructors */
    bool cancel_off, cancelled;
    bool cancel_acts; /* woken by the request */
    struct place created, joined, detached_at;
    void *result;
    uintptr_t left_at;        /* pc of what ended it */
    struct sleeper *joiners;  /* timed ones */
    struct fiber *joins;      /* the thread whose end it waits for */
    const struct sync *waits; /* what fiber->waits is about */
    const char *waits_text;
    void (*interrupt)(struct fiber *); /* at a cancellation point: leaves it. NULL: elsewhere */
    void *interrupted;                 /* its argument */
    int32_t timeouts, spurious;        /* of its budgets, used */
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
struct fiber *thread_find(pthread_t handle, const char *verb, uintptr_t pc); /* or misuse */
/* `like` has its start routine, its argument, and whether it is detached. */
int thread_create(pthread_t *handle, const struct thread *like, uintptr_t pc);
int thread_join(pthread_t handle, void **result, struct limit *limit, uintptr_t pc);
int thread_detach(pthread_t handle, uintptr_t pc);

/* Accesses: to its end (`need` 1: it has ended), to its handle. */
struct access thread_end(const struct fiber *fiber, int32_t need);
struct access thread_use(const struct fiber *fiber, enum mode mode);

/* The calling thread leaves: cleanup handlers (unwind.c), destructors, the end (thread.c). */
_Noreturn void thread_exit(void *result, uintptr_t pc);
_Noreturn void unwind_thread(struct thread *thread);
_Noreturn void thread_finish(struct thread *thread);

void keys_destroy(struct thread *thread);
int key_create(uint32_t *key, void (*destructor)(void *), uintptr_t pc);
int key_delete(uint32_t key, uintptr_t pc);
void *key_get(uint32_t key, uintptr_t pc);
int key_set(uint32_t key, void *value, uintptr_t pc);

int once_run(int *flag, void (*routine)(void), uintptr_t pc);
void once_abandon(struct once *running); /* its runner ends */

#endif
