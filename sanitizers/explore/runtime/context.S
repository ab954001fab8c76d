/* SPDX-License-Identifier: MIT */
/*
 * Stacks. System V ABI, x86-64: the only lines of the runtime that know the machine, with context_new
 * (context.c).
 *
 * void context_switch(void **save, void *load): saves the callee-saved registers on the present stack
 * and its pointer in *save, goes on where `load` was saved.
 *
 * void context_enter(void **save, void *stack, void *(*serve)(void)): saves likewise, calls serve on
 * the other stack, and goes on where what it returns was saved. Mostly that is where it came from: then
 * every return is one that the processor foresaw, which a switch there and back cannot offer.
 */
        .macro  SAVE
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        subq    $8, %rsp
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        fnstsw  %ax                     /* the exceptions that were raised */
        movzbl  %al, %eax
        movw    %ax, 6(%rsp)
        movq    %rsp, (%rdi)
        .endm

        .macro  LOAD_CONTROL
        ldmxcsr (%rsp)
        fnstsw  %ax
        cmpb    %al, 6(%rsp)
        je      2f
        movb    6(%rsp), %al            /* seldom: only a whole environment can be loaded */
        subq    $32, %rsp
        fnstenv (%rsp)
        movb    %al, 4(%rsp)
        fldenv  (%rsp)
        addq    $32, %rsp
2:
        fldcw   4(%rsp)
        .endm

        .macro  LOAD
        addq    $8, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
        .endm

        .text
        .globl  context_switch
        .hidden context_switch
        .type   context_switch, @function
context_switch:
        SAVE
        movq    %rsi, %rsp
        LOAD_CONTROL
        LOAD
        .size   context_switch, .-context_switch

        .globl  context_enter
        .hidden context_enter
        .type   context_enter, @function
context_enter:
        SAVE
        movq    %rsp, %rbx
        movq    %rsi, %rsp
        andq    $-16, %rsp
        call    *%rdx
        movq    %rax, %rsp
        cmpq    %rax, %rbx
        je      1f
        LOAD_CONTROL
1:      LOAD
        .size   context_enter, .-context_enter
/*
 * void context_scrub(void): what the runtime leaves below the stack pointer becomes zero. Called last, by
 * a jump, so that it is the program's stack pointer.
 */
        .globl  context_scrub
        .hidden context_scrub
        .type   context_scrub, @function
        .balign 16
context_scrub:
        .cfi_startproc
        pxor    %xmm0, %xmm0
        .set    below, 16
        .rept   16
        movups  %xmm0, -below(%rsp)
        .set    below, below + 16
        .endr
        ret
        .cfi_endproc
        .size   context_scrub, .-context_scrub

/* void context_scrub_deep(void): the same, for what goes deep. */
        .globl  context_scrub_deep
        .hidden context_scrub_deep
        .type   context_scrub_deep, @function
        .balign 16
context_scrub_deep:
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
        .size   context_scrub_deep, .-context_scrub_deep

/*
 * void context_call(void *(*start)(void *), void *argument, void (*ended)(void *)): calls a thread's first function
 * with nothing of ours in its registers, which would lie on its stack; ended, with what it returned, does not return.
 */
        .globl  context_call
        .hidden context_call
        .type   context_call, @function
        .balign 16
context_call:
        .cfi_startproc
        pushq   %rdx
        .cfi_adjust_cfa_offset 8
        movq    %rdi, %rax
        movq    %rsi, %rdi
        .irp    register, %ebp, %ebx, %r12d, %r13d, %r14d, %r15d, %esi, %edx, %ecx, %r8d, %r9d, %r10d, %r11d
        xorl    \register, \register
        .endr
        call    *%rax
        movq    %rax, %rdi
        call    *(%rsp)
        hlt
        .cfi_endproc
        .size   context_call, .-context_call

        .section .note.GNU-stack,"",@progbits
