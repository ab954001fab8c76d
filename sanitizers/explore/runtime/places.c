/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/places.h"

bool place_map(uintptr_t address, size_t size) {
    long result =
        system_call(SYS_mmap, (long)address, (long)size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    return result == (long)address || result == -EEXIST;
}
