/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <setjmp.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/frames.h"
#include "explore/runtime/real.h"
#include "explore/runtime/unsupported.h"

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
static void land(struct __jmp_buf_tag *environment, uintptr_t pc) {
    if (exploring && self->undivided != 0)
        unsupported(pc, SAY_JUMPS_WITHIN);
    if (exploring)
        frames_drop_below(frames_of(self->id), saved_sp(environment) - 2 * sizeof(void *) - 1);
}

#define LONGJMP(name)                                                                              \
    EXPORT _Noreturn void name(struct __jmp_buf_tag environment[1], int value);                    \
    void name(struct __jmp_buf_tag environment[1], int value) {                                    \
        typedef void jump(struct __jmp_buf_tag[1], int);                                           \
        land(environment, CALLER());                                                               \
        ((jump *)(uintptr_t)real_function(#name))(environment, value);                             \
        __builtin_unreachable();                                                                   \
    }

LONGJMP(longjmp)
LONGJMP(_longjmp)
LONGJMP(siglongjmp)
LONGJMP(__longjmp_chk)
