/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "explore/runtime/audit/system_calls.h"
#include "explore/runtime/rewind.h"

enum { NOTHING = -1, RESULT = 0 };

/* The buffer is argument `buffer`; `size` in bytes, or RESULT: the next argument is its limit. */
static const struct row {
    int16_t number;
    int8_t buffer;
    bool writes;
    int16_t size;
} rows[] = {
    {SYS_read, 1, true, RESULT},
    {SYS_pread64, 1, true, RESULT},
    {SYS_getdents64, 1, true, RESULT},
    {SYS_getrandom, 0, true, RESULT},
    {SYS_readlink, 1, true, RESULT},
    {SYS_readlinkat, 2, true, RESULT},
    {SYS_getcwd, 0, true, RESULT},
    {SYS_write, 1, false, RESULT},
    {SYS_pwrite64, 1, false, RESULT},
    {SYS_fstat, 1, true, 144},
    {SYS_stat, 1, true, 144},
    {SYS_lstat, 1, true, 144},
    {SYS_newfstatat, 2, true, 144},
    {SYS_statfs, 1, true, 120},
    {SYS_fstatfs, 1, true, 120},
    {SYS_uname, 0, true, 390},
    {SYS_sysinfo, 0, true, 112},
    {SYS_getrlimit, 1, true, 16},
    {SYS_prlimit64, 3, true, 16},
    {SYS_getrusage, 1, true, 144},
    {SYS_times, 0, true, 32},
    {SYS_clock_gettime, 1, true, 16},
    {SYS_clock_getres, 1, true, 16},
    {SYS_gettimeofday, 0, true, 16},
    {SYS_rt_sigprocmask, 2, true, 8},
    {SYS_ioctl, 2, true, 36}, /* TCGETS: see system_calls_know() */
    {SYS_close, NOTHING, false, 0},
    {SYS_open, NOTHING, false, 0},
    {SYS_openat, NOTHING, false, 0},
    {SYS_lseek, NOTHING, false, 0},
    {SYS_access, NOTHING, false, 0},
    {SYS_faccessat, NOTHING, false, 0},
    {SYS_faccessat2, NOTHING, false, 0},
    {SYS_fcntl, NOTHING, false, 0},
    {SYS_brk, NOTHING, false, 0},
    {SYS_mmap, NOTHING, false, 0},
    {SYS_munmap, NOTHING, false, 0},
    {SYS_mprotect, NOTHING, false, 0},
    {SYS_madvise, NOTHING, false, 0},
    {SYS_futex, NOTHING, false, 0}, /* a wake-up */
    {SYS_getpid, NOTHING, false, 0},
    {SYS_getppid, NOTHING, false, 0},
    {SYS_gettid, NOTHING, false, 0},
    {SYS_getuid, NOTHING, false, 0},
    {SYS_geteuid, NOTHING, false, 0},
    {SYS_getgid, NOTHING, false, 0},
    {SYS_getegid, NOTHING, false, 0},
    {SYS_umask, NOTHING, false, 0},
    {SYS_unlink, NOTHING, false, 0},
    {SYS_rmdir, NOTHING, false, 0},
    {SYS_mkdir, NOTHING, false, 0},
    {SYS_rename, NOTHING, false, 0},
    {SYS_ftruncate, NOTHING, false, 0},
    {SYS_fadvise64, NOTHING, false, 0},
    {SYS_fsync, NOTHING, false, 0},
    {SYS_socket, NOTHING, false, 0}, /* the name service asks for its daemon... */
    {SYS_connect, NOTHING, false, 0},
};

static const struct row *find(int64_t number) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].number == number)
            return &rows[i];
    return NULL;
}

bool system_calls_know(int64_t number, const uint64_t argument[6]) {
    uint64_t second = argument[1];
    switch (number) {
    case SYS_futex:
        return ((int)second & FUTEX_CMD_MASK) == FUTEX_WAKE;
    case SYS_ioctl:
        return second == TCGETS;
    case SYS_fcntl:
        return second == F_GETFD || second == F_SETFD || second == F_GETFL || second == F_SETFL ||
               second == F_DUPFD || second == F_DUPFD_CLOEXEC;
    default:
        return find(number) != NULL;
    }
}

void system_calls_begin(int64_t number, const uint64_t argument[6]) {
    const struct row *row = find(number);
    if (row == NULL || row->buffer == NOTHING || !row->writes || argument[row->buffer] == 0)
        return;
    uint64_t size = row->size == RESULT ? argument[row->buffer + 1] : (uint64_t)row->size;
    rewind_touch_for_kernel(argument[row->buffer], size);
}

void system_calls_effect(int64_t number, const uint64_t argument[6], int64_t result,
                         struct system_call_effect *effect) {
    const struct row *row = find(number);
    *effect = (struct system_call_effect){0};
    if (row == NULL || row->buffer == NOTHING || result < 0 || argument[row->buffer] == 0)
        return;
    effect->address = argument[row->buffer];
    effect->size = row->size == RESULT ? (size_t)result : (size_t)row->size;
    effect->writes = row->writes;
}
