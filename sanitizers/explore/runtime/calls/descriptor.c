/* SPDX-License-Identifier: MIT */
/*
 * Files and descriptors. Memory can be rewound, files cannot: regular files may be read, and an
 * execution that opens one is followed by a fresh process, where it is opened anew. Nothing may be
 * written but to standard output, standard error and /dev/null; nothing may be opened that can
 * block, or whose content is chance. What was open before main shares its offset with all other
 * processes.
 *
 * Which number a descriptor gets hangs on the order of all opening and closing: one hidden state.
 * The offset of each is another. File systems do not change here, so looking at them commutes.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

#include "explore/runtime/calls/checks.h"
#include "explore/runtime/calls/descriptor.h"
#include "explore/runtime/calls/hidden.h"
#include "explore/runtime/calls/stream.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/control.h"
#include "explore/runtime/outside.h"
#include "explore/runtime/race.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/worker.h"

enum { FIRST = 3 };
enum { MEMORY = 1, NUL = 3, ZERO = 5, FULL = 7, RANDOM = 8, URANDOM = 9 }; /* /dev, Linux */

static long status_of(int descriptor, struct stat *status) {
    return system_call(SYS_fstat, descriptor, (long)status, 0, 0, 0, 0);
}

static bool is_device(const struct stat *status, unsigned number) {
    return S_ISCHR(status->st_mode) && status->st_rdev == makedev(MEMORY, number);
}

bool descriptor_is_null(int descriptor) {
    struct stat status;
    return status_of(descriptor, &status) == 0 && is_device(&status, NUL);
}

void descriptor_check_input(struct visit *visit) {
    struct stat status;
    if (shared->config.input == 0 && !control_by_hand && status_of(0, &status) == 0 &&
        !is_device(&status, NUL))
        visit_refuse(visit, SAY_INPUT_ONCE);
}

void descriptor_check(struct visit *visit, int descriptor) {
    if (outside_is_inherited(descriptor))
        visit_refuse(visit, SAY_OPENED_EARLY);
}

void descriptor_use(struct visit *visit, int descriptor, bool moves) {
    hidden_touch(visit, HIDDEN_descriptors, false);
    visit_touch(visit, (uint64_t)(HIDDEN_COUNT + descriptor) << 3 | OBJECT_HIDDEN,
                moves ? MODE_WRITE : MODE_READ, NULL);
}

/* --- opening ---------------------------------------------------------------------------------- */

static void opened(struct visit *visit) {
    hidden_touch(visit, HIDDEN_descriptors, true);
    worker_touched();
}

void descriptor_check_file(struct visit *visit, int folder, const char *path, bool writes) {
    struct stat status;
    bool there = path != NULL &&
                 system_call(SYS_newfstatat, folder, (long)path, (long)&status, 0, 0, 0) == 0;
    if (there && is_device(&status, NUL)) {
        opened(visit);
        return;
    }
    if (writes && !control_by_hand)
        visit_refuse(visit, SAY_FILES_WRITTEN);
    if (!there)
        return; /* it fails, and leaves nothing behind */
    if (is_device(&status, RANDOM) || is_device(&status, URANDOM))
        visit_refuse(visit, SAY_CHANCE);
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode) && !is_device(&status, ZERO) &&
        !is_device(&status, FULL))
        visit_refuse(visit, SAY_DEVICES);
    opened(visit);
}

static bool flags_write(uint64_t flags) {
    return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0 ||
           (flags & O_TMPFILE) == O_TMPFILE;
}

void check_open(struct visit *visit) {
    descriptor_check_file(visit, AT_FDCWD, (const char *)visit->argument[0],
                          flags_write(visit->argument[1]));
}

void check_openat(struct visit *visit) {
    int folder = (int)visit->argument[0];
    descriptor_check(visit, folder);
    descriptor_check_file(visit, folder, (const char *)visit->argument[1],
                          flags_write(visit->argument[2]));
}

void check_opendir(struct visit *visit) {
    descriptor_check_file(visit, AT_FDCWD, (const char *)visit->argument[0], false);
}

void check_close(struct visit *visit) {
    int descriptor = (int)visit->argument[0];
    if (descriptor >= 0 && descriptor < FIRST)
        visit_refuse(visit, SAY_STREAMS_STAY_OPEN);
    descriptor_check(visit, descriptor);
    hidden_touch(visit, HIDDEN_descriptors, true);
    visit_touch(visit, (uint64_t)(HIDDEN_COUNT + descriptor) << 3 | OBJECT_HIDDEN, MODE_WRITE,
                NULL);
    worker_touched();
}

/* --- using ------------------------------------------------------------------------------------ */

void check_descriptor(struct visit *visit) {
    int descriptor = (int)visit->argument[0];
    descriptor_check(visit, descriptor);
    descriptor_use(visit, descriptor, false);
}

void check_input(struct visit *visit) {
    int descriptor = (int)visit->argument[0];
    if (descriptor == 0)
        descriptor_check_input(visit);
    if (descriptor == 0 && shared->config.input == 0)
        shared->input_ended = 1;
    if (descriptor > 0 && descriptor < FIRST)
        visit_refuse(visit, SAY_OUTPUT_READ);
    descriptor_check(visit, descriptor);
    descriptor_use(visit, descriptor, true);
}

void check_output(struct visit *visit) {
    int descriptor = (int)visit->argument[0];
    if (descriptor == 1 || descriptor == 2) {
        stream_output(visit);
        return;
    }
    descriptor_check(visit, descriptor);
    if (descriptor >= 0 && !descriptor_is_null(descriptor) && !control_by_hand)
        visit_refuse(visit, SAY_FILES_WRITTEN);
    descriptor_use(visit, descriptor, false);
}

void check_gather(struct visit *visit) {
    const struct iovec *parts = (const struct iovec *)visit->argument[1];
    int count = (int)visit->argument[2];
    if (parts != NULL && count > 0)
        race_access((uintptr_t)parts, (size_t)count * sizeof *parts, false, visit->pc);
    for (int i = 0; parts != NULL && i < count; i++)
        if (parts[i].iov_len > 0)
            race_access((uintptr_t)parts[i].iov_base, parts[i].iov_len, false, visit->pc);
    check_output(visit);
}

/* The output is as if it were a pipe: there is no going back in it. */
void check_seek(struct visit *visit) {
    int descriptor = (int)visit->argument[0];
    if (descriptor == 1 || descriptor == 2) {
        errno = ESPIPE;
        visit_skip(visit, -1);
        return;
    }
    if (descriptor == 0)
        descriptor_check_input(visit);
    descriptor_check(visit, descriptor);
    descriptor_use(visit, descriptor, true);
}

void check_fcntl(struct visit *visit) {
    int descriptor = (int)visit->argument[0];
    descriptor_check(visit, descriptor);
    switch ((int)visit->argument[1]) {
    case F_GETFD:
    case F_GETFL:
        descriptor_use(visit, descriptor, false);
        break;
    case F_SETFD:
        descriptor_use(visit, descriptor, true);
        worker_touched();
        break;
    default:
        visit_refuse(visit, SAY_DESCRIPTOR_LOCKS);
    }
}
