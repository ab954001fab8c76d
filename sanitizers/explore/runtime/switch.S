/* SPDX-License-Identifier: MIT */
/*
 * void context_switch(void **save, void *load): saves the callee-saved registers on the present stack
 * and its pointer in *save, goes on where `load` was saved. System V ABI, x86-64: the only lines of the
 * runtime that know the machine, with context_new (fiber.c).
 */
        .text
        .globl  context_switch
        .hidden context_switch
        .type   context_switch, @function
context_switch:
        pushq   %rbp
        pushq   %rbx
        pushq   %r12
        pushq   %r13
        pushq   %r14
        pushq   %r15
        subq    $8, %rsp
        stmxcsr (%rsp)
        fnstcw  4(%rsp)
        movq    %rsp, (%rdi)
        movq    %rsi, %rsp
        ldmxcsr (%rsp)
        fldcw   4(%rsp)
        addq    $8, %rsp
        popq    %r15
        popq    %r14
        popq    %r13
        popq    %r12
        popq    %rbx
        popq    %rbp
        ret
        .size   context_switch, .-context_switch
        .section .note.GNU-stack,"",@progbits
