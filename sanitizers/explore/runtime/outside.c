/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/hash.h"
#include "explore/runtime/input.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/outside.h"
#include "explore/runtime/places.h"
#include "explore/runtime/system_call.h"

enum { FIRST = 3, DESCRIPTORS = 1024, ASKED = 64, PIECE = 1 << 16, PAGE = 4096 };

static bool inherited[DESCRIPTORS];
static char *bytes; /* a piece; in lasting memory */

/* Which are open, from `first` on. Asked together: fcntl takes a call for each, in each process that is forked. */
static void ask_open(int first, int count, bool *open) {
    struct pollfd asked[ASKED];
    for (int i = 0; i < count; i++)
        asked[i] = (struct pollfd){.fd = first + i};
    long got = system_call(SYS_poll, (long)asked, count, 0, 0, 0, 0);
    for (int i = 0; i < count; i++)
        open[i] = got >= 0 ? (asked[i].revents & POLLNVAL) == 0
                           : system_call(SYS_fcntl, first + i, F_GETFD, 0, 0, 0, 0) >= 0;
}

void outside_begin(void) {
    bytes = lasting_new(PIECE);
    for (int i = FIRST; i < DESCRIPTORS; i += ASKED)
        ask_open(i, i + ASKED < DESCRIPTORS ? ASKED : DESCRIPTORS - i, inherited + i);
}

bool outside_is_inherited(int descriptor) {
    return descriptor >= FIRST && descriptor < DESCRIPTORS && inherited[descriptor];
}

/* Which file it is, its flags and offset. */
static uint64_t descriptor_hash(uint64_t hash, int descriptor) {
    struct stat status = {0};
    system_call(SYS_fstat, descriptor, (long)&status, 0, 0, 0, 0);
    const uint64_t state[6] = {(uint64_t)descriptor,
                               (uint64_t)system_call(SYS_fcntl, descriptor, F_GETFD, 0, 0, 0, 0),
                               (uint64_t)system_call(SYS_fcntl, descriptor, F_GETFL, 0, 0, 0, 0),
                               (uint64_t)system_call(SYS_lseek, descriptor, 0, SEEK_CUR, 0, 0, 0),
                               status.st_dev,
                               status.st_ino};
    return hash_bytes(hash, state, sizeof state);
}

/* Those that the program opened. */
static uint64_t descriptors_hash(uint64_t hash) {
    for (int first = FIRST; first < DESCRIPTORS; first += ASKED) {
        bool open[ASKED];
        int count = first + ASKED < DESCRIPTORS ? ASKED : DESCRIPTORS - first;
        ask_open(first, count, open);
        for (int i = 0; i < count; i++)
            if (open[i] && !inherited[first + i])
                hash = descriptor_hash(hash, first + i);
    }
    return hash;
}

/* The mask of new files can only be read by setting it. */
static uint64_t settings_hash(uint64_t hash) {
    const long mask = system_call(SYS_umask, 0, 0, 0, 0, 0, 0);
    system_call(SYS_umask, mask, 0, 0, 0, 0, 0);
    hash = hash_bytes(hash, &mask, sizeof mask);
    for (int i = 0; i < RLIM_NLIMITS; i++) {
        struct rlimit limit = {0};
        system_call(SYS_prlimit64, 0, i, 0, (long)&limit, 0, 0);
        hash = hash_bytes(hash, &limit, sizeof limit);
    }
    return hash;
}

/* The kernel reads it for us, as the program may have made some of it unreadable, or unmapped it:
 * that counts as such. */
static uint64_t piece_hash(uint64_t hash, uintptr_t at, size_t size) {
    const struct iovec to = {bytes, size}, from = {(void *)at, size};
    long self_number = system_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
    long got = system_call(SYS_process_vm_readv, self_number, (long)&to, 1, (long)&from, 1, 0);
    if (got == (long)size)
        return hash_bytes(hash, bytes, size);
    if (size > PAGE) {
        for (size_t done = 0; done < size; done += PAGE)
            hash = piece_hash(hash, at + done, PAGE);
        return hash;
    }
    /* It may be there and not be shown to us: then no state is like another. */
    return hash_bytes(hash, got == -EFAULT ? (const int64_t[]){got} : &lasting->moves, sizeof got);
}

static uint64_t mappings_hash(uint64_t hash, const struct fiber *fiber) {
    uintptr_t start = MAPPINGS_ADDRESS + fiber->id * MAPPINGS_SIZE;
    for (uintptr_t done = 0; done < fiber->mapped; done += PIECE) {
        size_t left = fiber->mapped - done;
        hash = piece_hash(hash, start + done, left < PIECE ? left : PIECE);
    }
    return hash;
}

uint64_t outside_hash(uint64_t hash) {
    hash = input_hash(hash);
    if (!lasting->touched) /* it neither opened, mapped nor set anything */
        return hash;
    hash = settings_hash(descriptors_hash(hash));
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL)
            hash = mappings_hash(hash, fibers[id]);
    return hash;
}
