/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/lasting.h"
#include "explore/runtime/places.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/system_call.h"

char *stack_of(int id) {
    char *top = (char *)STACK_ADDRESS + (uintptr_t)(id + 1) * STACK_SPACE;
    if (!lasting->stack_mapped[id]) {
        long start =
            system_call(SYS_mmap, (long)(top - STACK_SIZE), STACK_SIZE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
        if (start < 0)
            return NULL;
        lasting->stack_mapped[id] = 1;
    }
    return top;
}
