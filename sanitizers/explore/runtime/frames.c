/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation: each function of the program says when it begins and ends. Its beginning
 * adds a node to the stack depot and a frame here, which keeps the stack as it was before and how
 * deep the machine's stack is; its end restores. A function that is left by longjmp never says
 * that it ends: then the frames below the target's stack pointer are dropped, by longjmp itself,
 * which we take over, or at the next function entry that is not deeper than they are.
 *
 * An actor's frames lie in a stretch of memory of their own that has room for every frame that
 * fits into its stack (a frame takes 16 bytes at least, here as there).
 */
#include "explore/runtime/base.h"

#include <setjmp.h>

#include "explore/runtime/depot.h"
#include "explore/runtime/frames.h"
#include "explore/runtime/quick.h"

struct frame {
    uintptr_t sp;
    uint32_t stack; /* before the call */
    uint32_t depth; /* in [0]: how many there are */
};
_Static_assert(FRAMES_SIZE >= STACK_SPACE, "room for every frame of a stack");

static inline struct frame *frames_of(int actor) {
    return (struct frame *)(FRAMES_ADDRESS + (uintptr_t)actor * FRAMES_SIZE);
}

void frames_begin(int actor) {
    static bool mapped;
    if (!mapped && !place_map(FRAMES_ADDRESS, FRAMES_SIZE * OP_ACTORS))
        unsupported(0, "no memory for call stacks");
    mapped = true;
    frames_of(actor)->depth = 0;
}

/* The frames at or below that stack pointer have been left. */
static inline void drop_below(struct frame *frames, uintptr_t sp) {
    while (frames->depth > 0 && frames[frames->depth].sp <= sp)
        self->stack = frames[frames->depth--].stack;
}

EXPORT void __tsan_func_entry(void *pc);
EXPORT void __tsan_func_exit(void);

void __tsan_func_entry(void *pc) {
    if (!exploring)
        return;
    struct frame *frames = frames_of(self->id);
    uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
    drop_below(frames, sp);
    frames->depth++;
    frames[frames->depth] = (struct frame){.sp = sp, .stack = self->stack};
    self->stack = depot_push(self->stack, (uintptr_t)pc);
    if (is_quiet_too_long())
        give_turn((uintptr_t)pc);
}

void __tsan_func_exit(void) {
    if (!exploring)
        return;
    struct frame *frames = frames_of(self->id);
    if (frames->depth > 0)
        self->stack = frames[frames->depth--].stack;
}

/* --- longjmp --- */

/* glibc keeps the stack pointer in a jmp_buf rotated and mixed with a secret of the process, which
 * lies behind the thread pointer (PTR_MANGLE in its sysdeps/x86_64). */
static uintptr_t saved_sp(struct __jmp_buf_tag *environment) {
    enum { SP = 6 };
    uintptr_t word = (uintptr_t)environment[0].__jmpbuf[SP], secret;
    __asm__("mov %%fs:0x30, %0" : "=r"(secret));
    return (word >> 17 | word << 47) ^ secret;
}

/* What a function that calls setjmp has as its own frame lies at most two words below its stack
 * pointer: the return address of __tsan_func_entry and a saved register. */
static void land(struct __jmp_buf_tag *environment) {
    if (exploring)
        drop_below(frames_of(self->id), saved_sp(environment) - 2 * sizeof(void *) - 1);
}

#define LONGJMP(name)                                                                              \
    EXPORT _Noreturn void name(struct __jmp_buf_tag environment[1], int value);                    \
    void name(struct __jmp_buf_tag environment[1], int value) {                                    \
        typedef void jump(struct __jmp_buf_tag[1], int);                                           \
        land(environment);                                                                         \
        ((jump *)(uintptr_t)real_function(#name))(environment, value);                             \
        __builtin_unreachable();                                                                   \
    }

LONGJMP(longjmp)
LONGJMP(_longjmp)
LONGJMP(siglongjmp)
LONGJMP(__longjmp_chk)
