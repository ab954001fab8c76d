/* SPDX-License-Identifier: MIT */
#include "probe/figures.h"

#include <stdio.h>
#include <talloc.h>

#include "run/proc_text.h"

/* Bytes for every ten connections: below that, chance (a page here, a page there) could do it. */
#define LEAST_LEAK 5120

/* The kernel's quick counters (statm) may be off by many pages;
 * smaps_rollup is counted page by page. */
static size_t exact_resident(const struct proc *process) {
    char *text = proc_text(NULL, "/proc/%d/smaps_rollup", (int)process->living);
    size_t kilobytes;
    bool known = sscanf(proc_field(text, "Rss:"), "%zu kB", &kilobytes) == 1;
    talloc_free(text);
    return known ? kilobytes * 1024 : process->resident_bytes;
}

struct probe_figures figures_read(const struct proc_tree *tree, int connections) {
    struct probe_figures all = {.connections = connections};
    for (size_t i = 0; i < tree->count; i++) {
        const struct proc *process = &tree->items[i];
        if (proc_has_ended(process)) {
            all.zombies++;
            continue;
        }
        int descriptors = proc_descriptors(process->living);
        all.processes++;
        all.threads += process->task_count;
        all.descriptors += descriptors > 0 ? (size_t)descriptors : 0;
        all.resident_bytes += exact_resident(process);
        all.virtual_bytes += process->virtual_bytes;
    }
    return all;
}

typedef size_t figure(const struct probe_figures *figures);

static size_t zombies(const struct probe_figures *figures) {
    return figures->zombies;
}

static size_t descriptors(const struct probe_figures *figures) {
    return figures->descriptors;
}

static size_t threads(const struct probe_figures *figures) {
    return figures->threads;
}

static size_t resident(const struct probe_figures *figures) {
    return figures->resident_bytes;
}

static size_t virtual(const struct probe_figures *figures) {
    return figures->virtual_bytes;
}

/* At each sample, and in all by at least `per_ten` for every ten connections. */
static bool grows(figure *value, size_t per_ten, const struct probe_figures *samples,
                  size_t count) {
    for (size_t i = 1; i < count; i++)
        if (value(&samples[i]) <= value(&samples[i - 1]))
            return false;
    if (count < 2)
        return false;
    const struct probe_figures *first = &samples[0], *last = &samples[count - 1];
    size_t tens = (size_t)(last->connections - first->connections) / 10;
    return value(last) - value(first) >= tens * per_ten;
}

bool figures_leak(enum leak leak, const struct probe_figures *samples, size_t count) {
    switch (leak) {
    case LEAK_ZOMBIES:
        return grows(zombies, 1, samples, count);
    case LEAK_DESCRIPTORS:
        return grows(descriptors, 1, samples, count);
    case LEAK_THREADS:
        return grows(threads, 1, samples, count);
    case LEAK_MEMORY:
        return grows(resident, LEAST_LEAK, samples, count) ||
               grows(virtual, LEAST_LEAK, samples, count);
    case LEAK_COUNT:
        break;
    }
    return false;
}

bool figures_leak_processes(const struct probe_figures *first, const struct probe_figures *last) {
    return last->processes > first->processes &&
           last->processes - first->processes == last->threads - first->threads;
}

static const char *by_how_much(void *owner, figure *value, size_t growth) {
    if (value == resident || value == virtual)
        return talloc_asprintf(owner, "%zu KB", (growth + 1023) / 1024);
    return talloc_asprintf(owner, "%zu", growth);
}

const char *figures_growth(void *owner, const struct probe_figures *samples, size_t count) {
    static const struct {
        const char *name;
        figure *value;
    } all[] = {{"zombies", zombies},
               {"descriptors", descriptors},
               {"threads", threads},
               {"resident memory", resident},
               {"address space", virtual}};
    const char *grown = NULL;
    for (size_t i = 0; count > 0 && i < sizeof all / sizeof *all; i++) {
        size_t first = all[i].value(&samples[0]), last = all[i].value(&samples[count - 1]);
        if (last <= first)
            continue;
        const char *why = grows(all[i].value, 0, samples, count) ? "too little for each connection"
                                                                 : "not from each look to the next";
        grown = talloc_asprintf(owner, "%s%s%s by %s (%s)", grown != NULL ? grown : "",
                                grown != NULL ? ", " : "", all[i].name,
                                by_how_much(owner, all[i].value, last - first), why);
    }
    return grown == NULL
               ? "nothing grows with the number of connections"
               : talloc_asprintf(owner, "no leak, though in all something grew: %s", grown);
}

size_t figures_virtual_growth(const struct probe_figures *first, const struct probe_figures *last) {
    if (last->virtual_bytes <= first->virtual_bytes)
        return 0;
    return (last->virtual_bytes - first->virtual_bytes) /
           (size_t)(last->connections - first->connections);
}
