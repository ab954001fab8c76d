/* SPDX-License-Identifier: MIT */
#include "inject/process/input.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/process/tracee.h"
#include "run/proc_text.h"

static bool is_file(pid_t pid) {
    char path[64];
    struct stat it;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, STDIN_FILENO);
    return stat(path, &it) == 0 && S_ISREG(it.st_mode);
}

/* How far it has read. */
static uint64_t place_of(pid_t pid) {
    char *info = proc_text(NULL, "/proc/%d/fdinfo/%d", (int)pid, STDIN_FILENO);
    uint64_t place = strtoull(proc_field(info, "pos:"), NULL, 10);
    talloc_free(info);
    return place;
}

/* A few words of its stack are used, and put back. */
static long open_again(pid_t pid, const struct cpu *cpu, uint64_t call_pc) {
    static const char path[] = "/proc/self/fd/0";
    char before[sizeof path];
    const uint64_t address = cpu_scratch(cpu);
    const uint64_t arguments[6] = {(uint64_t)AT_FDCWD, address, O_RDONLY};
    if (!tracee_get(pid, address, before, sizeof before) ||
        !tracee_put(pid, address, path, sizeof path))
        return -1;
    long fd = tracee_call(pid, call_pc, SYS_openat, arguments);
    return tracee_put(pid, address, before, sizeof before) ? fd : -1;
}

bool input_own(pid_t copy, pid_t original, const struct cpu *cpu, uint64_t call_pc) {
    if (!is_file(original))
        return true;
    const uint64_t place = place_of(original);
    long fd = open_again(copy, cpu, call_pc);
    if (fd < 0)
        return false;
    const uint64_t seek[6] = {(uint64_t)fd, place, SEEK_SET}, as[6] = {(uint64_t)fd, STDIN_FILENO};
    return tracee_call(copy, call_pc, SYS_lseek, seek) == (long)place &&
           tracee_call(copy, call_pc, SYS_dup2, as) == STDIN_FILENO &&
           tracee_call(copy, call_pc, SYS_close, as) == 0;
}
