/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/fiber.h"
#include "explore/runtime/places.h"
#include "explore/runtime/stack.h"

struct fiber *self;
struct fiber *fibers[OP_ACTORS];
int fiber_count;
bool exploring;
uint64_t fiber_looks;

void fiber_clean_stacks(void) {
    enum { BELOW = 1024 }; /* what libc may have used below the lowest point that was seen */
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL && fibers[id]->buffer_of == NULL) {
            char *top = stack_of(id), *low = fibers[id]->lowest - BELOW;
            if (low < top - STACK_SIZE)
                low = top - STACK_SIZE;
            memset(low, 0, (size_t)(top - low));
        }
}
