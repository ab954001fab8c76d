/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/lasting.h"
#include "explore/runtime/places.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/system_call.h"

enum { PAGE = 4096 };

struct stack_pages stack_pages(int id) {
    uintptr_t top = stack_top(id), start = (top - STACK_SIZE) & ~(uintptr_t)(PAGE - 1);
    return (struct stack_pages){start, STACK_SIZE + PAGE};
}

char *stack_of(int id) {
    char *top = (char *)stack_top(id);
    if (!lasting->stack_mapped[id]) {
        struct stack_pages pages = stack_pages(id);
        long start =
            system_call(SYS_mmap, (long)pages.start, (long)pages.size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
        if (start < 0)
            return NULL;
        lasting->stack_mapped[id] = 1;
    }
    return top;
}
