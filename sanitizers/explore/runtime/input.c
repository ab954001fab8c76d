/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "explore/runtime/control.h"
#include "explore/runtime/hash.h"
#include "explore/runtime/input.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/unsupported.h"

static int64_t kept; /* goes back with the program's variables */

static int64_t offset(void) {
    return system_call(SYS_lseek, STDIN_FILENO, 0, SEEK_CUR, 0, 0, 0);
}

/* Workers are forks of one process, and would move one offset. */
void input_own(void) {
    if (shared->config.input == 0)
        return;
    long fd =
        system_call(SYS_openat, AT_FDCWD, (long)"/proc/self/fd/0", O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (fd < 0)
        unsupported(0, SAY_NO_INPUT);
    system_call(SYS_dup2, fd, STDIN_FILENO, 0, 0, 0, 0);
    system_call(SYS_close, fd, 0, 0, 0, 0, 0);
}

void input_keep(void) {
    if (shared->config.input != 0 && kept != offset())
        kept = offset();
}

void input_back(void) {
    if (shared->config.input != 0)
        system_call(SYS_lseek, STDIN_FILENO, kept, SEEK_SET, 0, 0, 0);
}

uint64_t input_hash(uint64_t hash) {
    if (shared->config.input == 0)
        return hash;
    const int64_t now = offset();
    return hash_bytes(hash, &now, sizeof now);
}

void input_look(void) {
    if (shared->config.input == 0 && (stdin->_flags & _IO_EOF_SEEN) != 0)
        shared->input_ended = 1;
}
