/* SPDX-License-Identifier: MIT */
/*
 * What the engine must know of the processor and of the kernel's calling convention. Another
 * architecture is another cpu_*.c.
 */
#ifndef HAZARD_INJECT_PROCESS_CPU_H
#define HAZARD_INJECT_PROCESS_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

/* The general registers of a stopped tracee, and what they say at a system call instruction that
 * has not been executed yet. */
struct cpu {
    struct user_regs_struct regs;
};

/* False when the tracee has died meanwhile. */
bool cpu_read(pid_t pid, struct cpu *cpu);
bool cpu_write(pid_t pid, const struct cpu *cpu);

/* All of its other registers: floating point and vectors. False when they cannot be had. */
struct cpu_vectors {
    size_t length;
    unsigned char bytes[16384];
};
bool cpu_read_vectors(pid_t pid, struct cpu_vectors *vectors);
bool cpu_write_vectors(pid_t pid, const struct cpu_vectors *vectors);

uint64_t cpu_pc(const struct cpu *cpu);
uint64_t cpu_sp(const struct cpu *cpu);
void cpu_set_pc(struct cpu *cpu, uint64_t pc);

/* The system call that the instruction at pc asks for: its number and arguments 0 to 5. */
long cpu_call(const struct cpu *cpu);
uint64_t cpu_argument(const struct cpu *cpu, int index);
void cpu_set_call(struct cpu *cpu, long call, const uint64_t arguments[6]);
void cpu_set_argument(struct cpu *cpu, int index, uint64_t value);

/* The result of a call, or of a function, that has just returned. */
long cpu_result(const struct cpu *cpu);
void cpu_set_result(struct cpu *cpu, long result);

/* Behind the call instruction, with that result, as if the kernel had been asked. */
void cpu_skip_call(struct cpu *cpu, long result);

/* At a stop in a call that was not executed yet: back to before the instruction; and there again. */
void cpu_undo_call(struct cpu *cpu);
void cpu_enter_call(struct cpu *cpu);
/* There: another call in its place. */
void cpu_replace_call(struct cpu *cpu, long call);

/* A signal that comes there is not to restart a call behind which it may stand. False if that
 * fails. */
bool cpu_forget_call(pid_t pid, const struct cpu *cpu);

/* Below what the function that is interrupted may use on the stack: room for a few words. */
uint64_t cpu_scratch(const struct cpu *cpu);

/* Has it a stack of return addresses that it cannot write? */
bool cpu_has_shadow_stack(pid_t pid);

/* The first bytes at pc. False if so many cannot be read. */
struct cpu_code {
    unsigned char bytes[8];
};
bool cpu_read_code(pid_t pid, uint64_t pc, struct cpu_code *code);
bool cpu_is_call(const struct cpu_code *code);

/* Is the instruction at pc a system call? And one that repeats itself, one step each time? */
bool cpu_at_call(pid_t pid, uint64_t pc);

/* Does it stand right behind a system call that a signal has cut short (EINTR, or to be restarted)? */
bool cpu_behind_interrupted_call(pid_t pid, const struct cpu *cpu);

/* The address of a system call instruction in the tracee's memory, for calls of our own; 0: none.
 */
uint64_t cpu_find_call(pid_t pid);

/* Puts a breakpoint at pc and gives what was there; and takes it away. After it was hit the pc
 * lies cpu_breakpoint_size behind. */
bool cpu_set_breakpoint(pid_t pid, uint64_t pc, long *before);
void cpu_clear_breakpoint(pid_t pid, uint64_t pc, long before);
extern const int cpu_breakpoint_size;

/* With the tracee at the program's very first instruction, `_start`: steps on to where it calls
 * the C library's start function, and gives that call's first argument, which is the address of
 * main; 0 if it does nothing of the kind. */
uint64_t cpu_find_main(pid_t pid);

#endif
