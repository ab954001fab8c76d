/* SPDX-License-Identifier: MIT */
/*
 * The stubs: hook.h says what they are for. System V ABI, x86-64; integers as arguments, six at most.
 *
 * What is pushed below the return address is what decides how the program goes on: the registers
 * that a call preserves, its arguments, and which hook it is (a pointer may lead to several). All
 * other registers are dead. The function returns with the registers as they were, so none is popped.
 */
#include "explore/runtime/clean.h"
#include "explore/runtime/hooked.h"

        .text
        .globl  hook_clean
        .hidden hook_clean
        .type   hook_clean, @function
        .balign 16
hook_clean:
        .cfi_startproc
        leaq    -2048(%rsp), %r11
        pxor    %xmm0, %xmm0
2:      movups  %xmm0, (%r11)
        movups  %xmm0, 16(%r11)
        movups  %xmm0, 32(%r11)
        movups  %xmm0, 48(%r11)
        addq    $64, %r11
        cmpq    %rsp, %r11
        jb      2b
        ret
        .cfi_endproc
        .size   hook_clean, .-hook_clean

        .macro  HOOK symbol, function, arguments
        .globl  \symbol
        .hidden \function
        HOOK_BODY \symbol, \function, \arguments
        .endm

        .macro  HOOK_BODY symbol, function, arguments
        .type   \symbol, @function
        .balign 16
\symbol:
        .cfi_startproc
        CLEAN
        pushq   %rbp
        .cfi_adjust_cfa_offset 8
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        movq    48(%rsp), %r11
        movq    %r11, hook_caller(%rip)
        .irp    register, %rdi, %rsi, %rdx, %rcx, %r8, %r9
        .if     pushed < \arguments
        pushq   \register
        .cfi_adjust_cfa_offset 8
        .endif
        .set    pushed, pushed + 1
        .endr
        .set    pushed, 0
        leaq    \symbol\()_place(%rip), %r11
        pushq   %r11
        .cfi_adjust_cfa_offset 8
        movq    %rsp, hook_frame(%rip)
        .if     \arguments & 1
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        .endif
\symbol\()_place:
        call    \function
        movq    $0, hook_frame(%rip)
        addq    $(56 + 8 * \arguments + 8 * (\arguments & 1)), %rsp
        .cfi_adjust_cfa_offset -(56 + 8 * \arguments + 8 * (\arguments & 1))
        CLEAN
        ret
        .cfi_endproc
        .size   \symbol, .-\symbol
        .endm

        .macro  ATOMICS bits
        HOOK    __tsan_atomic\bits\()_load, atomics_\bits\()_load, 2
        HOOK    __tsan_atomic\bits\()_store, atomics_\bits\()_store, 3
        .irp    name, exchange, fetch_add, fetch_sub, fetch_and, fetch_or, fetch_xor, fetch_nand
        HOOK    __tsan_atomic\bits\()_\name, atomics_\bits\()_\name, 3
        .endr
        .irp    name, strong, weak, val
        HOOK    __tsan_atomic\bits\()_compare_exchange_\name, atomics_\bits\()_compare_exchange_\name, 5
        .endr
        .endm

        .set    pushed, 0
        .hidden hook_frame, hook_caller, hook_cleans
        .text
        ATOMICS 8
        ATOMICS 16
        ATOMICS 32
        ATOMICS 64
        HOOK    sched_yield, clock_sched_yield, 0
        HOOK    thrd_yield, clock_thrd_yield, 0
        HOOK    usleep, clock_usleep, 1

/* Those of --sv-comp, unless the program has its own. */
        .macro  HOOK_WEAK symbol, function, arguments
        .weak   \symbol
        .hidden \function
        HOOK_BODY \symbol, \function, \arguments
        .endm
        .irp    name, bool, char, schar, uchar, short, ushort, int, uint, unsigned, unsigned_int, long, ulong, longlong, \
                ulonglong, size_t, pointer, loff_t, sector_t, u8, u16, u32
        HOOK_WEAK __VERIFIER_nondet_\name, sv_comp_\name, 0
        .endr
        HOOK_WEAK __VERIFIER_assume, sv_comp_assume, 1
        HOOK_WEAK __VERIFIER_atomic_begin, sv_comp_begin, 0
        HOOK_WEAK __VERIFIER_atomic_end, sv_comp_end, 0
#define WORLD(name, arguments) HOOK name, hooked_##name, arguments;
        HOOKED(WORLD)
        .section .note.GNU-stack,"",@progbits
