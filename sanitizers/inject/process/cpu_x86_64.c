/* SPDX-License-Identifier: MIT */
#include "inject/process/cpu.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "run/proc_text.h"

#define CALL_SIZE 2  /* 0f 05 */
#define RED_ZONE 128 /* of the System V ABI: a leaf function may use it without saying so */
#define SCRATCH_ROOM 256
#define START_STEPS 64 /* _start of every C library is shorter */

const int cpu_breakpoint_size = 1;

bool cpu_read(pid_t pid, struct cpu *cpu) {
    return ptrace(PTRACE_GETREGS, pid, NULL, &cpu->regs) == 0;
}

bool cpu_write(pid_t pid, const struct cpu *cpu) {
    /* ptrace does not change what it is given; its type is older than const. */
    return ptrace(PTRACE_SETREGS, pid, NULL, (void *)(uintptr_t)&cpu->regs) == 0;
}

bool cpu_read_vectors(pid_t pid, struct cpu_vectors *vectors) {
    struct iovec block = {vectors->bytes, sizeof vectors->bytes};
    if (ptrace(PTRACE_GETREGSET, pid, NT_X86_XSTATE, &block) != 0)
        return false;
    vectors->length = block.iov_len;
    return block.iov_len < sizeof vectors->bytes; /* else there may be more */
}

bool cpu_write_vectors(pid_t pid, const struct cpu_vectors *vectors) {
    struct iovec block = {(void *)(uintptr_t)vectors->bytes, vectors->length};
    return ptrace(PTRACE_SETREGSET, pid, NT_X86_XSTATE, &block) == 0;
}

uint64_t cpu_pc(const struct cpu *cpu) {
    return cpu->regs.rip;
}

uint64_t cpu_sp(const struct cpu *cpu) {
    return cpu->regs.rsp;
}

void cpu_set_pc(struct cpu *cpu, uint64_t pc) {
    cpu->regs.rip = pc;
    cpu->regs.orig_rax = ~0ULL; /* or the kernel might take it for a call to be restarted */
}

long cpu_call(const struct cpu *cpu) {
    return (long)cpu->regs.rax;
}

static const unsigned long long *argument_register(const struct user_regs_struct *regs, int index) {
    const unsigned long long *const registers[] = {&regs->rdi, &regs->rsi, &regs->rdx,
                                                   &regs->r10, &regs->r8,  &regs->r9};
    return registers[index];
}

uint64_t cpu_argument(const struct cpu *cpu, int index) {
    return *argument_register(&cpu->regs, index);
}

void cpu_set_argument(struct cpu *cpu, int index, uint64_t value) {
    unsigned long long *const registers[] = {&cpu->regs.rdi, &cpu->regs.rsi, &cpu->regs.rdx,
                                             &cpu->regs.r10, &cpu->regs.r8,  &cpu->regs.r9};
    *registers[index] = value;
}

void cpu_set_call(struct cpu *cpu, long call, const uint64_t arguments[6]) {
    cpu->regs.rax = (unsigned long long)call;
    for (int i = 0; i < 6; i++)
        cpu_set_argument(cpu, i, arguments[i]);
}

long cpu_result(const struct cpu *cpu) {
    return (long)cpu->regs.rax;
}

void cpu_set_result(struct cpu *cpu, long result) {
    cpu->regs.rax = (unsigned long long)result;
}

void cpu_skip_call(struct cpu *cpu, long result) {
    cpu_set_pc(cpu, cpu->regs.rip + CALL_SIZE);
    cpu->regs.rcx = cpu->regs.rip; /* as the instruction itself leaves them */
    cpu->regs.r11 = cpu->regs.eflags;
    cpu_set_result(cpu, result);
}

void cpu_enter_call(struct cpu *cpu) {
    cpu->regs.orig_rax = cpu->regs.rax;
    cpu->regs.rax = (unsigned long long)-ENOSYS;
    cpu->regs.rip += CALL_SIZE;
    cpu->regs.rcx = cpu->regs.rip;
    cpu->regs.r11 = cpu->regs.eflags;
}

void cpu_replace_call(struct cpu *cpu, long call) {
    cpu->regs.orig_rax = (unsigned long long)call;
}

void cpu_undo_call(struct cpu *cpu) {
    cpu->regs.rax = cpu->regs.orig_rax;
    cpu_set_pc(cpu, cpu->regs.rip - CALL_SIZE);
}

bool cpu_forget_call(pid_t pid, const struct cpu *cpu) {
    struct cpu forgotten = *cpu;
    cpu_set_pc(&forgotten, cpu_pc(cpu));
    return cpu->regs.orig_rax == ~0ULL || cpu_write(pid, &forgotten);
}

uint64_t cpu_scratch(const struct cpu *cpu) {
    return (cpu->regs.rsp - RED_ZONE - SCRATCH_ROOM) & ~15ULL;
}

bool cpu_has_shadow_stack(pid_t pid) {
    enum { SHADOW_STACK = 0x204 }; /* NT_X86_SHSTK */
    uint64_t pointer;
    struct iovec block = {&pointer, sizeof pointer};
    return ptrace(PTRACE_GETREGSET, pid, SHADOW_STACK, &block) == 0;
}

bool cpu_read_code(pid_t pid, uint64_t pc, struct cpu_code *code) {
    errno = 0;
    long word = ptrace(PTRACE_PEEKTEXT, pid, pc, NULL);
    memcpy(code->bytes, &word, sizeof code->bytes);
    return errno == 0;
}

bool cpu_is_call(const struct cpu_code *code) {
    return code->bytes[0] == 0x0f && code->bytes[1] == 0x05;
}

bool cpu_at_call(pid_t pid, uint64_t pc) {
    struct cpu_code code;
    return cpu_read_code(pid, pc, &code) && cpu_is_call(&code);
}

bool cpu_behind_interrupted_call(pid_t pid, const struct cpu *cpu) {
    enum { RESTART_FIRST = 512, RESTART_LAST = 516 }; /* ERESTARTSYS and its like */
    long code = -cpu_result(cpu);
    return (code == EINTR || (code >= RESTART_FIRST && code <= RESTART_LAST)) &&
           cpu_at_call(pid, cpu_pc(cpu) - CALL_SIZE);
}

static uint64_t find_call_between(pid_t pid, uint64_t start, uint64_t end) {
    unsigned char *code = malloc(end - start);
    struct iovec local = {code, end - start};
    struct iovec remote = {(void *)(uintptr_t)start, end - start};
    ssize_t length = code == NULL ? -1 : process_vm_readv(pid, &local, 1, &remote, 1, 0);
    const unsigned char *found =
        length <= 0 ? NULL : memmem(code, (size_t)length, "\x0f\x05", CALL_SIZE);
    uint64_t address = found == NULL ? 0 : start + (uint64_t)(found - code);
    free(code);
    return address;
}

uint64_t cpu_find_call(pid_t pid) {
    char *maps = proc_text(NULL, "/proc/%d/maps", (int)pid);
    uint64_t address = 0;
    for (const char *line = maps; *line != '\0' && address == 0;) {
        char *rest;
        uint64_t start = strtoull(line, &rest, 16);
        uint64_t end = *rest == '-' ? strtoull(rest + 1, &rest, 16) : 0;
        if (strncmp(rest, " r-x", 4) == 0 && end > start)
            address = find_call_between(pid, start, end);
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    talloc_free(maps);
    return address;
}

bool cpu_set_breakpoint(pid_t pid, uint64_t pc, long *before) {
    errno = 0;
    *before = ptrace(PTRACE_PEEKTEXT, pid, pc, NULL);
    return errno == 0 && ptrace(PTRACE_POKETEXT, pid, pc, (*before & ~0xffL) | 0xcc) == 0;
}

void cpu_clear_breakpoint(pid_t pid, uint64_t pc, long before) {
    ptrace(PTRACE_POKETEXT, pid, pc, before);
}

/* A tick of ours may interrupt the wait (watch.h). */
static bool step(pid_t pid) {
    int status;
    pid_t result;
    if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0)
        return false;
    do
        result = waitpid(pid, &status, __WALL);
    while (result < 0 && errno == EINTR);
    return result == pid && WIFSTOPPED(status);
}

uint64_t cpu_find_main(pid_t pid) {
    struct cpu cpu;
    if (!cpu_read(pid, &cpu))
        return 0;
    uint64_t start = cpu_pc(&cpu);
    for (int i = 0; i < START_STEPS; i++) {
        if (!step(pid) || !cpu_read(pid, &cpu))
            return 0;
        if (cpu_pc(&cpu) - start > 256)
            return cpu.regs.rdi;
    }
    return 0;
}
