/* SPDX-License-Identifier: MIT */
/*
 * What the compilers call at each plain load and store, with -fsanitize=thread: gcc 12, clang 14
 * and clang 19, with and without the options that tell volatile accesses apart (volatile orders
 * nothing between threads, so here they are plain), and at the entry and exit of each function. Atomics:
 * atomics.c.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/context.h"
#include "explore/runtime/depot.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/frames.h"
#include "explore/runtime/quiet.h"
#include "explore/runtime/race.h"
#include "explore/runtime/shadow.h"
#include "explore/runtime/undivided.h"

/* The others had their turn; quiet.h counts from the start. */
__attribute__((noinline)) static void plain_after_turn(uintptr_t address, unsigned size, bool write,
                                                       uintptr_t pc) {
    quiet_give_turn(pc);
    race_one(address, size, write, pc);
}

/* An access of 1, 2, 4 or 8 bytes, aligned. Every call in it is the last thing that it does, so
 * that it needs no stack. */
__attribute__((always_inline)) static inline void plain(const void *at, unsigned size, bool write,
                                                        uintptr_t pc) {
    if (!exploring)
        return;
    uintptr_t address = (uintptr_t)at;
    if (quiet_too_long()) {
        plain_after_turn(address, size, write, pc);
        return;
    }
    fiber_count_write(address, write);
    const struct shadow_cell *cell = shadow_quick(address);
    unsigned bytes = ((1U << size) - 1) << (address & 7);
    if (cell == NULL || bytes > 0xff || !cell_covers(cell, self->id, bytes, write))
        race_slow(address, size, write, pc, false);
}

#define SMALL(name, size, write)                                                                   \
    EXPORT void name(void *address);                                                               \
    void name(void *address) {                                                                     \
        plain(address, size, write, CALLER());                                                     \
    }

#define LARGE(name, size, write)                                                                   \
    EXPORT void name(void *address);                                                               \
    void name(void *address) {                                                                     \
        race_one((uintptr_t)address, size, write, CALLER());                                       \
        context_scrub();                                                                           \
    }

#define BOTH(name, size)                                                                           \
    EXPORT void name(void *address);                                                               \
    void name(void *address) {                                                                     \
        uintptr_t pc = CALLER();                                                                   \
        race_one((uintptr_t)address, size, false, pc);                                             \
        race_one((uintptr_t)address, size, true, pc);                                              \
        context_scrub();                                                                           \
    }

#define SIZES(form, prefix, suffix_write)                                                          \
    form(prefix##1, 1, suffix_write) form(prefix##2, 2, suffix_write)                              \
        form(prefix##4, 4, suffix_write) form(prefix##8, 8, suffix_write)                          \
            LARGE(prefix##16, 16, suffix_write)

#define UNALIGNED(prefix, write)                                                                   \
    LARGE(prefix##2, 2, write)                                                                     \
    LARGE(prefix##4, 4, write) LARGE(prefix##8, 8, write) LARGE(prefix##16, 16, write)

SIZES(SMALL, __tsan_read, false)
SIZES(SMALL, __tsan_write, true)
SIZES(SMALL, __tsan_volatile_read, false)
SIZES(SMALL, __tsan_volatile_write, true)
UNALIGNED(__tsan_unaligned_read, false)
UNALIGNED(__tsan_unaligned_write, true)
UNALIGNED(__tsan_unaligned_volatile_read, false)
UNALIGNED(__tsan_unaligned_volatile_write, true)

BOTH(__tsan_read_write1, 1)
BOTH(__tsan_read_write2, 2)
BOTH(__tsan_read_write4, 4)
BOTH(__tsan_read_write8, 8)
BOTH(__tsan_read_write16, 16)
BOTH(__tsan_unaligned_read_write2, 2)
BOTH(__tsan_unaligned_read_write4, 4)
BOTH(__tsan_unaligned_read_write8, 8)
BOTH(__tsan_unaligned_read_write16, 16)

/* --- ranges --- */

EXPORT void __tsan_init(void);
EXPORT void __tsan_read_range(void *address, size_t size);
EXPORT void __tsan_write_range(void *address, size_t size);
EXPORT void *__tsan_memcpy(void *to, const void *from, size_t size);
EXPORT void *__tsan_memmove(void *to, const void *from, size_t size);
EXPORT void *__tsan_memset(void *to, int byte, size_t size);
EXPORT void __tsan_vptr_read(void **vptr);
EXPORT void __tsan_vptr_update(void **vptr, void *value);

void __tsan_init(void) {
}

void __tsan_read_range(void *address, size_t size) {
    race_access((uintptr_t)address, size, false, CALLER());
    context_scrub_deep();
}

void __tsan_write_range(void *address, size_t size) {
    race_access((uintptr_t)address, size, true, CALLER());
    context_scrub_deep();
}

void *__tsan_memcpy(void *to, const void *from, size_t size) {
    uintptr_t pc = CALLER();
    race_access((uintptr_t)from, size, false, pc);
    race_access((uintptr_t)to, size, true, pc);
    return memmove(to, from, size); /* a struct may be assigned to itself */
}

void *__tsan_memmove(void *to, const void *from, size_t size) {
    uintptr_t pc = CALLER();
    race_access((uintptr_t)from, size, false, pc);
    race_access((uintptr_t)to, size, true, pc);
    return memmove(to, from, size);
}

void *__tsan_memset(void *to, int byte, size_t size) {
    race_access((uintptr_t)to, size, true, CALLER());
    return memset(to, byte, size);
}

/* --- C++ only --- */

void __tsan_vptr_read(void **vptr) {
    plain(vptr, sizeof *vptr, false, CALLER());
}

void __tsan_vptr_update(void **vptr, void *value) {
    if (*vptr != value) /* a constructor may write what is there */
        plain(vptr, sizeof *vptr, true, CALLER());
}

/* --- functions --- */

EXPORT void __tsan_func_entry(void *pc);
EXPORT void __tsan_func_exit(void);

void __tsan_func_entry(void *pc) {
    if (!exploring)
        return;
    struct frames_entry *frames = frames_of(self->id);
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
    frames_drop_below(frames, sp);
    struct frames_entry *frame = &frames[++frames->depth];
    frame->sp = sp;
    frame->stack = self->stack;
    frame->top = frames_top(frame - 1, sp, (uintptr_t)pc);
    self->stack = depot_push(self->stack, (uintptr_t)pc);
    if (quiet_too_long())
        quiet_give_turn((uintptr_t)pc);
    if (undivided_functions != 0)
        undivided_enter(CALLER(), frames->depth);
    context_scrub();
}

void __tsan_func_exit(void) {
    if (!exploring)
        return;
    struct frames_entry *frames = frames_of(self->id);
    if (frames->depth == 0)
        return;
    if (self->undivided_frame == frames->depth)
        undivided_leave();
    uintptr_t top = frames[frames->depth].top;
    bool touched = self->touched < top;
    if (touched)
        race_leave(self->touched, top, CALLER());
    frames_leave(frames);
    if (touched)
        context_scrub_deep();
}
