/* SPDX-License-Identifier: MIT */
#include "explore/runtime/calls/table.h"

#include <string.h>

const struct table_group *const table_groups[] = {
    &table_strings, &table_wide,   &table_stdlib, &table_stdio,    &table_time,
    &table_unix,    &table_system, &table_math,   &table_modelled, NULL,
};

static const struct table_entry *find_in(const struct table_group *group, const char *name) {
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

const struct table_entry *table_find(const char *name) {
    for (const struct table_group *const *group = table_groups; *group != NULL; group++) {
        const struct table_entry *entry = find_in(*group, name);
        if (entry != NULL)
            return entry;
    }
    return NULL;
}

bool table_is_worldly(const char *name) {
    static const char *const families[] = {"pthread_", "__pthread_", "sem_", "mtx_",
                                           "cnd_",     "thrd_",      "tss_", "call_once"};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strncmp(name, families[i], strlen(families[i])) == 0)
            return true;
    return false;
}

const char *table_hidden_name(enum hidden hidden) {
    static const char *const names[] = {
#define X(name, races, variable) #name,
        HIDDEN_STATES(X)
#undef X
    };
    return hidden < HIDDEN_COUNT ? names[hidden] : "?";
}
