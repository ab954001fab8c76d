/* SPDX-License-Identifier: MIT */
#include "inject/family/delayed.h"

#include <string.h>

#include "base/memory.h"

void delayed_add(void *owner, struct delayed *delayed, struct delayed_signal signal) {
    delayed->items = grow_array(owner, delayed->items, struct delayed_signal, delayed->count + 1);
    delayed->items[delayed->count++] = signal;
}

void delayed_separate(void *owner, struct delayed *delayed) {
    struct delayed other = *delayed;
    *delayed = (struct delayed){.could_merge = other.could_merge};
    for (size_t i = 0; i < other.count; i++)
        delayed_add(owner, delayed, other.items[i]);
}

struct delayed_signal delayed_take(struct delayed *delayed, size_t index) {
    struct delayed_signal taken = delayed->items[index];
    delayed->count -= index + 1;
    memmove(delayed->items, delayed->items + index + 1, delayed->count * sizeof *delayed->items);
    return taken;
}
