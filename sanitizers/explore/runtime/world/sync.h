/* SPDX-License-Identifier: MIT */
/*
 * The modelled world, as its files see it: what every object that threads synchronise on has in
 * common, and how its operations become steps.
 *
 * Two rules hold for every operation here. What it announces to step() follows from the calling
 * thread's own past alone (that it holds a lock is such a fact, that another does is not), so that
 * equivalent schedules announce the same. And what it reads or changes of the world lies between
 * its step and the next one, and is covered by the accesses of that step.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_SYNC_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_SYNC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/message/message.h"
#include "explore/op.h"
#include "explore/runtime/object.h"
#include "explore/runtime/world/place.h"

enum sync_kind { /* in the order of SYNC_TEXTS */
                 SYNC_MUTEX,
                 SYNC_RWLOCK,
                 SYNC_SPIN,
                 SYNC_COND,
                 SYNC_BARRIER,
                 SYNC_SEMAPHORE,
                 SYNC_ONCE,
                 SYNC_FUTEX,
                 SYNC_STREAM,
                 SYNC_COUNT
};

/* A thread in a timed wait; lies on its stack. `retry` is what it does when the object changes. */
struct timed_sleeper {
    struct fiber *fiber;
    struct op retry;
    struct timed_sleeper *next;
};

/* The head of every object's state; object->world points to it. */
struct sync {
    uint8_t kind; /* enum sync_kind */
    bool destroyed;
    const void *address;
    struct object *object;
    struct timed_sleeper *sleepers;
    struct world_place ended;  /* where it was destroyed */
    struct world_place *taken; /* ... and where by who has it alone: noted, as it only explains */
};

uint64_t sync_key(const void *address);

/* The object at that address, if it is of that kind; else NULL. */
void *sync_find(const void *address, enum sync_kind kind);

/* An init function: its step, after which the counter is `state`; then (the old object may object
 * to it) the new one. */
void sync_init_step(const void *address, int32_t state, enum op_kind what, uintptr_t pc);
void *sync_make(const void *address, enum sync_kind kind, size_t size);

/* Makes it when it is first seen and was initialised statically: no step, unless the memory held
 * something else before. */
void *sync_adopt(const void *address, enum sync_kind kind, size_t size, int32_t state,
                 uintptr_t pc);

/* The object is no more, or was made anew, while its caller waited: misuse. */
void sync_check(const struct sync *sync, uintptr_t pc);
void sync_destroyed(struct sync *sync, uintptr_t pc);

/* One more of those that sleep there, by actor: who came first does not matter, and is no part of the state. */
void sync_sleeps(struct timed_sleeper **sleepers, struct timed_sleeper *sleeper);
void sync_leaves(struct timed_sleeper **sleepers, const struct timed_sleeper *sleeper);

/* The first thread that a guard keeps waiting for it; NULL if there is none. */
struct fiber *sync_waiter(const struct sync *sync);

/* The memory of an object is used (or, `write`: set up, destroyed): heap and race checks; the
 * heap's alone, before anything is read of it. */
void sync_touch(const void *address, size_t size, bool write, uintptr_t pc);
void sync_check_memory(const void *address, size_t size, enum sync_kind kind, uintptr_t pc);

struct access sync_access(const struct sync *sync, enum mode mode, int32_t need, int32_t delta);
void sync_step(enum op_kind kind, const struct sync *sync, struct access access, uintptr_t pc);

/* After a step without a guard that took something off the counter: was there enough? If not, the
 * step only looked. */
bool sync_got(const struct sync *sync);

/* Happens-before, and virtual time, which never runs backwards along it. */
void sync_release(struct sync *sync);
void sync_acquire(const struct sync *sync);

/* What the thread is about to wait for: SAY_MUTEX. */
void sync_waits_for(struct fiber *fiber, const struct sync *sync, enum message_text what);

/* "mutex @". */
struct message_part sync_said(const struct sync *sync);

#endif
