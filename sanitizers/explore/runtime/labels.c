/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/labels.h"

/* One after the other, each with its 0; there may be more between them. Weak: most programs have none. */
extern const char __start_hazard_labels[] __attribute__((weak, visibility("hidden")));
extern const char __stop_hazard_labels[] __attribute__((weak, visibility("hidden")));

static bool is_named(const char *name, const char *label) {
    int i = 0;
    while (i < SHARED_LABEL - 1 && name[i] == label[i] && label[i] != '\0')
        i++;
    return i == SHARED_LABEL - 1 || name[i] == label[i];
}

static struct shared_label *find(const char *label) {
    for (int i = 0; i < shared->label_count; i++)
        if (is_named(shared->labels[i].name, label))
            return &shared->labels[i];
    return NULL;
}

static void add(const char *label) {
    if (find(label) != NULL || shared->label_count == SHARED_LABELS)
        return;
    struct shared_label *new = &shared->labels[shared->label_count++];
    for (int i = 0; i < SHARED_LABEL - 1 && label[i] != '\0'; i++)
        new->name[i] = label[i];
}

void labels_find(void) {
    const char *label = __start_hazard_labels, *end = __stop_hazard_labels;
    while (label < end) {
        if (*label != '\0')
            add(label);
        label += strlen(label) + 1;
    }
}

bool labels_reached(const char *label) {
    struct shared_label *known = find(label);
    if (known != NULL && control->phase == PHASE_SEARCH)
        __atomic_store_n(&known->reached, 1, __ATOMIC_RELAXED);
    return shared->config.reach[0] != '\0' && is_named(shared->config.reach, label);
}
