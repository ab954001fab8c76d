/* SPDX-License-Identifier: MIT */
/*
 * The objects with a state (op.h) of this execution, by key.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/memory.h"
#include "explore/runtime/object.h"

enum { OBJECTS = 256 };

static struct object_entry {
    struct object object;
    struct object_entry *next;
} * objects[OBJECTS];

static struct object *latest; /* who looks for one often looks for it again */

static struct object *look_up(uint64_t key) {
    struct object_entry **slot = &objects[(key * UINT64_C(0x9e3779b97f4a7c15)) >> 56];
    for (struct object_entry *entry = *slot; entry != NULL; entry = entry->next)
        if (entry->object.key == key)
            return &entry->object;
    struct object_entry *entry = memory_new(MEMORY_OBJECT, key, sizeof *entry);
    *entry = (struct object_entry){.object = {.key = key}, .next = *slot};
    *slot = entry;
    return &entry->object;
}

struct object *object_find(uint64_t key) {
    if (latest == NULL || latest->key != key)
        latest = look_up(key);
    return latest;
}

void object_set(struct object *object, int32_t state) {
    object->known = true;
    object->state = state;
    object_changed(object);
}
