/* SPDX-License-Identifier: MIT */
#include "inject/process/filter.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "inject/process/tracee.h"

/* They neither sleep nor send signals nor tell a process id. Whoever is missing here only costs a
 * stop. */
static const unsigned short through[] = {
    SYS_exit_group, SYS_brk,          SYS_mprotect,       SYS_munmap,        SYS_mremap,
    SYS_stat,       SYS_fstat,        SYS_lstat,          SYS_newfstatat,    SYS_lseek,
    SYS_access,     SYS_readlink,     SYS_readlinkat,     SYS_getcwd,        SYS_uname,
    SYS_getuid,     SYS_geteuid,      SYS_getgid,         SYS_getegid,       SYS_sched_yield,
    SYS_mmap,       SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigpending, SYS_sigaltstack,
    SYS_close,      SYS_dup,          SYS_dup2,           SYS_dup3,          SYS_pipe,
    SYS_pipe2,
};
#define THROUGH (sizeof through / sizeof *through)

#define OFFSET(field) ((unsigned)offsetof(struct seccomp_data, field))
#define LOAD(offset) ((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset)))
#define GIVE(action) ((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, (action)))
#define UNLESS(value, skip)                                                                        \
    ((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(value), 0, (skip)))

struct filter_program {
    struct sock_filter code[2 * THROUGH + 40];
    unsigned short length;
};

static void add(struct filter_program *program, struct sock_filter instruction) {
    program->code[program->length++] = instruction;
}

static void let_through(struct filter_program *program, unsigned number) {
    add(program, UNLESS(number, 1));
    add(program, GIVE(SECCOMP_RET_ALLOW));
}

/* That call with that first argument. */
static void let_through_with(struct filter_program *program, unsigned number, unsigned argument) {
    add(program, UNLESS(number, 4));
    add(program, LOAD(OFFSET(args[0])));
    add(program, UNLESS(argument, 1));
    add(program, GIVE(SECCOMP_RET_ALLOW));
    add(program, LOAD(OFFSET(nr)));
}

static void write_program(struct filter_program *program, bool returns) {
    program->length = 0;
    add(program, LOAD(OFFSET(arch)));
    add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
    add(program, GIVE(SECCOMP_RET_TRACE));
    add(program, LOAD(OFFSET(nr)));
    for (size_t i = 0; i < THROUGH; i++)
        let_through(program, through[i]);
    if (!returns)
        let_through(program, SYS_rt_sigreturn);
    let_through_with(program, SYS_write, STDOUT_FILENO);
    let_through_with(program, SYS_write, STDERR_FILENO);
    let_through_with(program, SYS_clone, TRACEE_COPY_FLAGS);
    let_through_with(program, SYS_clone, TRACEE_CHILD_FLAGS);
    add(program, GIVE(SECCOMP_RET_TRACE));
}

bool filter_install(pid_t pid, uint64_t call_pc, bool returns) {
    static struct filter_program program;
    struct cpu cpu;
    write_program(&program, returns);
    size_t size = program.length * sizeof program.code[0];
    if (!cpu_read(pid, &cpu))
        return false;
    /* Far below the stack pointer, where the kernel wrote nothing yet: the stack grows to there. */
    uint64_t code = (cpu_sp(&cpu) - 4096) & ~15ULL, header = code - 64;
    uint64_t words[2] = {program.length, code}; /* struct sock_fprog */
    unsigned char nothing[sizeof program.code] = {0};
    if (!tracee_put(pid, code, program.code, size) || !tracee_put(pid, header, words, sizeof words))
        return false;
    uint64_t privileges[6] = {PR_SET_NO_NEW_PRIVS, 1};
    uint64_t filter[6] = {SECCOMP_SET_MODE_FILTER, 0, header};
    bool installed = tracee_call(pid, call_pc, SYS_prctl, privileges) == 0 &&
                     tracee_call(pid, call_pc, SYS_seccomp, filter) == 0;
    tracee_put(pid, code, nothing, size);
    memset(words, 0, sizeof words);
    tracee_put(pid, header, words, sizeof words);
    return installed;
}
