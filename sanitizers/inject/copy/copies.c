/* SPDX-License-Identifier: MIT */
/*
 * Copies of the walked process.
 *
 * fork copies memory and registers. It does not copy children, alive or zombie, nor pending
 * signals, and it shares descriptors: what a copy writes to a pipe, the original would read. While
 * the walked process has none of those it is simply copied where it stands. Pipes, and children
 * that have not run yet, can be made for the copy, too (relatives.h).
 *
 * For all else, before the walked process does what may bring it about, a template is copied off. A
 * copy is then a copy of the template, which goes the walked process's way itself and so has
 * children and descriptors of its own. It runs natively to a waypoint (a breakpoint, met so many
 * times) and takes the rest in single steps; the waypoint is the one that costs least.
 *
 * Everything is led (family.h), so it comes to the same place; that it does is checked.
 */
#include "inject/copy/copies.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/copy/descriptors.h"
#include "run/procfile.h"

/* ---- How often a pc was met ---------------------------------------------------------- */

/* A hash table with open addressing. `count` of a pc that may repeat without a breakpoint there
 * being hit (a rep prefix, a signal delivered there) is REPEATS: it is no waypoint. */
#define REPEATS UINT64_MAX
struct hits {
    struct hit {
        uint64_t pc, count;
    } * items;
    size_t size, used;
};

static struct hit *find_hit(struct hits *hits, uint64_t pc) {
    size_t at = (size_t)(pc * 0x9e3779b97f4a7c15ULL >> 20) & (hits->size - 1);
    while (hits->items[at].pc != 0 && hits->items[at].pc != pc)
        at = (at + 1) & (hits->size - 1);
    return &hits->items[at];
}

static void grow_hits(struct copies *copies) {
    struct hits *hits = copies->hits, old = *hits;
    hits->size *= 2;
    hits->items = new_array(hits, struct hit, hits->size);
    for (size_t i = 0; i < old.size; i++)
        if (old.items[i].pc != 0)
            *find_hit(hits, old.items[i].pc) = old.items[i];
    talloc_free(old.items);
}

static void clear_hits(struct copies *copies) {
    talloc_free(copies->hits);
    copies->hits = never_null(talloc_zero(copies->owner, struct hits));
    copies->hits->size = 1024;
    copies->hits->items = new_array(copies->hits, struct hit, copies->hits->size);
    copies->steps = 0;
    copies->waypoint = (struct rerun_waypoint){0};
}

/* Measured: a breakpoint costs about as much as three steps. */
static int64_t cost(const struct rerun_waypoint *waypoint, uint64_t steps) {
    return (int64_t)waypoint->hits * 3 + (int64_t)(steps - waypoint->step);
}

void copies_count_step(struct copies *copies, uint64_t pc, bool repeated) {
    copies->steps++;
    if (copies->template == NULL)
        return;
    if (copies->hits->used * 2 > copies->hits->size)
        grow_hits(copies);
    struct hit *hit = find_hit(copies->hits, pc);
    copies->hits->used += hit->pc == 0;
    hit->pc = pc;
    hit->count = repeated || hit->count == REPEATS ? REPEATS : hit->count + 1;
    if (repeated && copies->waypoint.pc == pc)
        copies->waypoint = (struct rerun_waypoint){0}; /* dearer, but rare */
    struct rerun_waypoint here = {pc, hit->count, copies->steps};
    if (hit->count != REPEATS &&
        cost(&here, copies->steps) <= cost(&copies->waypoint, copies->steps))
        copies->waypoint = here;
}

/* ---- Can it be copied? --------------------------------------------------------------- */

/* Memory in common that is, or may become, writable: of a file that is open for reading alone it
 * cannot. "START-END PERMISSIONS OFFSET DEVICE INODE PATH" */
static bool is_common(const char *line, size_t length) {
    char permissions[5] = "";
    if (sscanf(line, "%*x-%*x %4s", permissions) != 1 || permissions[3] != 's')
        return false;
    return permissions[1] == 'w' || memmem(line, length, "/dev/zero", 9) != NULL ||
           memmem(line, length, "/memfd:", 7) != NULL || memmem(line, length, "/SYSV", 5) != NULL;
}

static bool shares_memory(const struct copies *copies) {
    char *maps = proc_text(NULL, "/proc/%d/maps", (int)copies->walked->tasks[0]->pid);
    bool shares = false;
    for (const char *line = maps; *line != '\0' && !shares;) {
        size_t length = strcspn(line, "\n");
        shares = is_common(line, length);
        line += length + (line[length] == '\n');
    }
    talloc_free(maps);
    return shares;
}

/* And no signal is pending: a copy would not have it. */
static bool stands_still(const struct task *first, uint64_t pending) {
    return first->state == TASK_READY && first->signal == 0 && pending == 0;
}

/* Of a process that stands still. */
static enum copyable how_copyable(const struct copies *copies) {
    struct family *family = copies->walked;
    struct task *first = family->tasks[0];
    bool alone = true;
    for (size_t i = 1; i < family->task_count; i++) {
        const struct task *task = family->tasks[i];
        if (task->state == TASK_HELD && task->parent == first->id)
            alone = false;
        else if (task->state != TASK_ENDED ||
                 kill(task->pid, 0) == 0) /* a zombie that it may still wait for */
            return COPY_BY_RERUN;
    }
    struct descriptors *descriptors = descriptors_read(NULL, first->pid, family->capture);
    bool shares = descriptors == NULL || shares_memory(copies);
    alone = alone && !shares && !descriptors->any_pipe;
    talloc_free(descriptors);
    if (shares)
        return COPY_BY_RERUN;
    return alone ? COPY_ALONE : COPY_WITH_RELATIVES;
}

void copies_look(struct copies *copies) {
    copies->pending = tracee_signals(copies->walked->tasks[0]->pid).pending;
    bool stands = stands_still(copies->walked->tasks[0], copies->pending);
    relatives_look(copies->relatives, copies->walked, stands);
    copies->copyable = stands ? how_copyable(copies) : COPY_BY_RERUN;
    if (copies->copyable != COPY_ALONE || copies->template == NULL)
        return;
    family_end(copies->template);
    copies->template = NULL;
    copies->from_start = false;
}

bool copies_start(struct copies *copies, void *owner, struct family *walked) {
    *copies = (struct copies){.owner = owner, .walked = walked, .from_start = true};
    copies->template = family_copy(owner, walked);
    return copies->template != NULL;
}

void copies_begin(struct copies *copies, uint64_t from) {
    copies->from = from;
    clear_hits(copies);
    copies->relatives = relatives_new(copies->owner);
    /* Of a child that was made before, we do not know what its parent has done since. */
    copies->walked->estranged = family_held(copies->walked, 0) != NULL;
    copies_look(copies);
}

void copies_keep_template(struct copies *copies) {
    if (copies->copyable != COPY_ALONE)
        return;
    family_end(copies->template);
    copies->template = family_copy(copies->owner, copies->walked);
    copies->from_start = false;
    clear_hits(copies);
}

/* ---- Making one ---------------------------------------------------------------------- */

void copies_step(struct family *family) {
    family_step(family);
    if (family->tasks[0]->state != TASK_READY)
        family_rest(family);
}

bool copies_run_to(struct family *family, uint64_t pc, uint64_t hits) {
    for (uint64_t i = 0; i < hits && family->end == FAMILY_GOES_ON; i++) {
        if (cpu_pc(&family->tasks[0]->cpu) == pc)
            copies_step(family);
        if (family->end != FAMILY_GOES_ON || !family_break_at(family, pc))
            break;
        family_run(family);
        family_break_nowhere(family);
    }
    return family->end == FAMILY_GOES_ON && family->breaks;
}

static struct family *rerun(struct copies *copies, const char **why) {
    const struct rerun_waypoint *waypoint = &copies->waypoint;
    const struct cpu *wanted = &copies->walked->tasks[0]->cpu;
    struct family *copy =
        copies->template == NULL ? NULL : family_copy(copies->owner, copies->template);
    *why = "a copy cannot be made";
    if (copy == NULL)
        return NULL;
    bool there = !copies->from_start || copies_run_to(copy, copies->from, 1);
    if (there && waypoint->hits > 0)
        there = copies_run_to(copy, waypoint->pc, waypoint->hits);
    for (uint64_t i = waypoint->step; there && i < copies->steps; i++) {
        copies_step(copy);
        there = copy->end == FAMILY_GOES_ON;
    }
    const struct cpu *arrived = &copy->tasks[0]->cpu;
    *why = "it does not come to the same place again";
    if (there && cpu_pc(arrived) == cpu_pc(wanted) && cpu_sp(arrived) == cpu_sp(wanted))
        return copy;
    family_end(copy);
    return NULL;
}

struct family *copies_make(struct copies *copies, const char **why) {
    *why = "a copy cannot be made";
    if (copies->copyable == COPY_ALONE)
        return family_copy(copies->owner, copies->walked);
    struct family *copy = NULL;
    if (copies->copyable == COPY_WITH_RELATIVES)
        copy = relatives_copy(copies->owner, copies->relatives, copies->walked);
    return copy == NULL ? rerun(copies, why) : copy;
}

void copies_end(struct copies *copies) {
    family_end(copies->template);
    copies->template = NULL;
}
