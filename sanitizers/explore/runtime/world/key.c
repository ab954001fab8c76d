/* SPDX-License-Identifier: MIT */
/*
 * Thread-specific data: keys, and each thread's values for them.
 *
 * Values are a thread's own, and getting or setting one is no step. The table of keys is an object:
 * creating and deleting keys write it, and a thread that ends with values reads it for their
 * destructors. A key that is made again has a new era, so that old values do not show under it.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <limits.h>

#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/race.h"
#include "explore/runtime/step.h"
#include "explore/runtime/world/key.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"

struct key {
    uint64_t era; /* odd: in use */
    void (*destructor)(void *);
};

static COMPARED struct key keys[PTHREAD_KEYS_MAX];

/* Which key is made, and whether there is one, hangs on what others did to the table, though nothing orders that: as
 * with a relaxed atomic (past_after.c). */
static void note_order(bool write, uintptr_t pc) {
    if (!exploring || !clocks->watched)
        return;
    if (!race_reads_in_order((uintptr_t)keys, sizeof keys[0].era))
        step_unordered();
    if (write)
        race_atomic((uintptr_t)keys, sizeof keys[0].era, true, pc);
}

static void table_step(enum mode mode, uintptr_t pc) {
    const struct op op = {
        .kind = OP_OBJECT,
        .access_count = 1,
        .access = {{.object = sync_key(keys), .mode = (uint8_t)mode, .bytes = 0xff}},
    };
    step(&op, NULL, pc);
    note_order(mode == MODE_WRITE, pc);
}

static bool in_use(uint32_t key) {
    return key < PTHREAD_KEYS_MAX && (keys[key].era & 1) != 0;
}

int key_create(uint32_t *key, void (*destructor)(void *), uintptr_t pc) {
    table_step(MODE_WRITE, pc);
    uint32_t free_one = 0;
    while (in_use(free_one))
        free_one++;
    if (free_one == PTHREAD_KEYS_MAX)
        return EAGAIN;
    keys[free_one].era++;
    keys[free_one].destructor = destructor;
    sync_touch(key, sizeof *key, true, pc);
    *key = free_one;
    return 0;
}

int key_delete(uint32_t key, uintptr_t pc) {
    table_step(MODE_WRITE, pc);
    if (!in_use(key))
        misuse(pc, DOING(PART(SAY_DELETES_KEY, key)), NULL, SAY_NOTHING);
    keys[key].era++;
    return 0;
}

static struct specific *specific_of(struct thread *thread, uint32_t key) {
    struct specific *block = thread->specific[key / KEYS_IN_BLOCK];
    return block != NULL ? &block[key % KEYS_IN_BLOCK] : NULL;
}

void *key_get(uint32_t key, uintptr_t pc) {
    table_step(MODE_READ, pc);
    if (!in_use(key))
        misuse(pc, DOING(PART(SAY_READS_KEY, key)), NULL, SAY_NOTHING);
    const struct specific *specific = specific_of(thread_of(self), key);
    bool set = specific != NULL && specific->era == keys[key].era;
    return set ? specific->value : NULL;
}

int key_set(uint32_t key, void *value, uintptr_t pc) {
    table_step(MODE_READ, pc);
    if (!in_use(key))
        misuse(pc, DOING(PART(SAY_SETS_KEY, key)), NULL, SAY_NOTHING);
    struct thread *thread = thread_of(self);
    thread->has_specific = true;
    struct specific **block = &thread->specific[key / KEYS_IN_BLOCK];
    if (*block == NULL)
        *block = memory_new(MEMORY_KEYS, (uint64_t)self->id << 32 | key / KEYS_IN_BLOCK,
                            KEYS_IN_BLOCK * sizeof **block);
    self->writes++; /* others do not see it, but what it does next may hang on it: recur.c */
    (*block)[key % KEYS_IN_BLOCK] = (struct specific){value, keys[key].era};
    return 0;
}

/* --- destructors --- */

/* The next value, from that key on, that has to be destroyed. */
static struct specific *value_from(struct thread *thread, uint32_t *key) {
    for (; *key < PTHREAD_KEYS_MAX; ++*key) {
        struct specific *specific = specific_of(thread, *key);
        if (specific == NULL)
            *key |= KEYS_IN_BLOCK - 1;
        else if (specific->value != NULL && specific->era == keys[*key].era)
            return specific;
    }
    return NULL;
}

static bool destroy_round(struct thread *thread) {
    struct specific *specific = NULL;
    uint32_t key = 0;
    if (!thread->has_specific || value_from(thread, &key) == NULL)
        return false;
    table_step(MODE_READ, thread->left_at);
    for (key = 0; (specific = value_from(thread, &key)) != NULL; key++) {
        void *value = specific->value;
        specific->value = NULL;
        if (keys[key].destructor != NULL)
            keys[key].destructor(value);
    }
    return true;
}

void keys_destroy(struct thread *thread) {
    for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS && destroy_round(thread); round++)
        ;
}

EXPORT int pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) {
    return key_create(key, destructor, hook_caller);
}

EXPORT int pthread_key_delete(pthread_key_t key) {
    return key_delete(key, hook_caller);
}

EXPORT void *pthread_getspecific(pthread_key_t key) {
    return key_get(key, hook_caller);
}

EXPORT int pthread_setspecific(pthread_key_t key, const void *value) {
    return key_set(key, (void *)(uintptr_t)value, hook_caller);
}
