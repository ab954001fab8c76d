/* SPDX-License-Identifier: MIT */
/*
 * The stubs that stand in the program's global offset table, one for each function imported.
 *
 * A stub saves whatever may hold an argument (struct call_frame in visit.h), asks dispatch_before()
 * where to go, restores, and jumps there with the stack as it was: the function sees its caller. To
 * see its result as well, dispatch_before() replaces the return address by trampoline_return, which asks
 * dispatch_after() for the true one. trampoline_skip is where a call goes that does not take place: rax is
 * its result.
 */
#include "explore/runtime/clean.h"

        .set    CALLS, 1024             /* as in visit.h */
        .set    CALLER, 8 * 6           /* the registers that a call preserves */
        .set    TAKEN, 8 * 26           /* as in visit.h */
        .set    FRAME, 48 + 128 + 16 + TAKEN + CALLER /* struct call_frame up to `index` */
        .set    PRESERVED, FRAME - CALLER

        .text
        .globl  trampoline_stubs, trampoline_return, trampoline_skip
        .hidden trampoline_stubs, trampoline_return, trampoline_skip, dispatch_before, dispatch_after
        .balign 16
        .type   trampoline_stubs, @function
trampoline_stubs:
        .cfi_startproc
        .set    index, 0
        .rept   CALLS
        .balign 16
        pushq   $index
        .cfi_adjust_cfa_offset 8
        jmp     call_common
        .cfi_adjust_cfa_offset -8
        .set    index, index + 1
        .endr
        .balign 16
        .cfi_endproc
        .size   trampoline_stubs, .-trampoline_stubs

        .type   call_common, @function
call_common:
        .cfi_startproc
        .cfi_def_cfa_offset 16
        subq    $FRAME, %rsp
        .cfi_adjust_cfa_offset FRAME
        movq    %rdi, (%rsp)
        movq    %rsi, 8(%rsp)
        movq    %rdx, 16(%rsp)
        movq    %rcx, 24(%rsp)
        movq    %r8, 32(%rsp)
        movq    %r9, 40(%rsp)
        movups  %xmm0, 48(%rsp)
        movups  %xmm1, 64(%rsp)
        movups  %xmm2, 80(%rsp)
        movups  %xmm3, 96(%rsp)
        movups  %xmm4, 112(%rsp)
        movups  %xmm5, 128(%rsp)
        movups  %xmm6, 144(%rsp)
        movups  %xmm7, 160(%rsp)
        movq    %rax, 176(%rsp)
        movq    %r10, 184(%rsp)
        movq    %rbp, PRESERVED(%rsp)
        movq    %rbx, PRESERVED + 8(%rsp)
        movq    %r12, PRESERVED + 16(%rsp)
        movq    %r13, PRESERVED + 24(%rsp)
        movq    %r14, PRESERVED + 32(%rsp)
        movq    %r15, PRESERVED + 40(%rsp)
        CLEAN
        movq    %rsp, %rdi
        call    dispatch_before
        CLEAN
        movq    %rax, %r11
        movq    (%rsp), %rdi
        movq    8(%rsp), %rsi
        movq    16(%rsp), %rdx
        movq    24(%rsp), %rcx
        movq    32(%rsp), %r8
        movq    40(%rsp), %r9
        movups  48(%rsp), %xmm0
        movups  64(%rsp), %xmm1
        movups  80(%rsp), %xmm2
        movups  96(%rsp), %xmm3
        movups  112(%rsp), %xmm4
        movups  128(%rsp), %xmm5
        movups  144(%rsp), %xmm6
        movups  160(%rsp), %xmm7
        movq    176(%rsp), %rax
        movq    184(%rsp), %r10
        addq    $FRAME + 8, %rsp        /* and the index */
        .cfi_adjust_cfa_offset -(FRAME + 8)
        jmp     *%r11
        .cfi_endproc
        .size   call_common, .-call_common

        .type   trampoline_skip, @function
trampoline_skip:
        ret
        .size   trampoline_skip, .-trampoline_skip

        /* The function has returned; what it returned to is not on the stack any more. */
        .type   trampoline_return, @function
trampoline_return:
        subq    $8, %rsp                /* for the true return address */
        pushq   %rax
        pushq   %rdx
        subq    $40, %rsp
        movups  %xmm0, (%rsp)
        movups  %xmm1, 16(%rsp)
        movq    %rax, %rdi
        leaq    56(%rsp), %rsi          /* where the return address lay */
        call    dispatch_after
        movq    %rax, 56(%rsp)
        movups  (%rsp), %xmm0
        movups  16(%rsp), %xmm1
        addq    $40, %rsp
        popq    %rdx
        popq    %rax
        ret
        .size   trampoline_return, .-trampoline_return

        .section .note.GNU-stack,"",@progbits
