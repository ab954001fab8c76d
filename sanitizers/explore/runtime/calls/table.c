/* SPDX-License-Identifier: MIT */
#include "explore/runtime/calls/table.h"

#include <string.h>

const struct call_group *const call_groups[] = {
    &call_strings, &call_wide,   &call_stdlib, &call_stdio,    &call_time,
    &call_unix,    &call_system, &call_math,   &call_modelled, NULL,
};

static const struct call_entry *find_in(const struct call_group *group, const char *name) {
    size_t low = 0, high = group->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, group->entries[middle].name);
        if (order == 0)
            return &group->entries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct call_entry *call_find(const char *name) {
    for (const struct call_group *const *group = call_groups; *group != NULL; group++) {
        const struct call_entry *entry = find_in(*group, name);
        if (entry != NULL)
            return entry;
    }
    return NULL;
}

const char *hidden_name(enum hidden hidden) {
    static const char *const names[] = {
#define X(name, races, variable) #name,
        HIDDEN_STATES(X)
#undef X
    };
    return hidden < HIDDEN_COUNT ? names[hidden] : "?";
}
