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
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/copy/descriptors.h"
#include "inject/copy/relatives.h"
#include "inject/walk/walk.h"
#include "run/proc_text.h"

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

static void grow_hits(struct walk *walk) {
    struct hits *hits = walk->hits, old = *hits;
    hits->size *= 2;
    hits->items = new_array(hits, struct hit, hits->size);
    for (size_t i = 0; i < old.size; i++)
        if (old.items[i].pc != 0)
            *find_hit(hits, old.items[i].pc) = old.items[i];
    talloc_free(old.items);
}

static void clear_hits(struct walk *walk) {
    talloc_free(walk->hits);
    walk->hits = never_null(talloc_zero(walk->owner, struct hits));
    walk->hits->size = 1024;
    walk->hits->items = new_array(walk->hits, struct hit, walk->hits->size);
    walk->steps = 0;
    walk->waypoint = (struct waypoint){0};
}

/* Measured: a breakpoint costs about as much as three steps. */
static int64_t cost(const struct waypoint *waypoint, uint64_t steps) {
    return (int64_t)waypoint->hits * 3 + (int64_t)(steps - waypoint->step);
}

void walk_count_hit(struct walk *walk, uint64_t pc, bool repeated) {
    walk->steps++;
    if (walk->template == NULL)
        return;
    if (walk->hits->used * 2 > walk->hits->size)
        grow_hits(walk);
    struct hit *hit = find_hit(walk->hits, pc);
    walk->hits->used += hit->pc == 0;
    hit->pc = pc;
    hit->count = repeated || hit->count == REPEATS ? REPEATS : hit->count + 1;
    if (repeated && walk->waypoint.pc == pc)
        walk->waypoint = (struct waypoint){0}; /* dearer, but rare */
    struct waypoint here = {pc, hit->count, walk->steps};
    if (hit->count != REPEATS && cost(&here, walk->steps) <= cost(&walk->waypoint, walk->steps))
        walk->waypoint = here;
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

static bool shares_memory(const struct walk *walk) {
    char *maps = proc_text(NULL, "/proc/%d/maps", (int)walk->family->tasks[0]->pid);
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
static enum copyable how_copyable(const struct walk *walk) {
    struct family *family = walk->family;
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
    bool shares = descriptors == NULL || shares_memory(walk);
    alone = alone && !shares && !descriptors->any_pipe;
    talloc_free(descriptors);
    if (shares)
        return COPY_BY_RERUN;
    return alone ? COPY_ALONE : COPY_WITH_RELATIVES;
}

void walk_look(struct walk *walk) {
    uint64_t pending = tracee_signals(walk->family->tasks[0]->pid).pending;
    walk->pending = (pending & 1ULL << (walk->options->signal - 1)) != 0;
    bool stands = stands_still(walk->family->tasks[0], pending);
    relatives_look(walk->relatives, walk->family, stands);
    walk->copyable = stands ? how_copyable(walk) : COPY_BY_RERUN;
    if (walk->copyable != COPY_ALONE || walk->template == NULL)
        return;
    family_end(walk->template);
    walk->template = NULL;
    walk->from_start = false;
}

void walk_begin_at_from(struct walk *walk) {
    clear_hits(walk);
    walk->relatives = relatives_new(walk->owner);
    /* Of a child that was made before, we do not know what its parent has done since. */
    walk->family->estranged = family_held(walk->family, 0) != NULL;
    walk_look(walk);
}

void walk_keep_template(struct walk *walk) {
    if (walk->copyable != COPY_ALONE)
        return;
    family_end(walk->template);
    walk->template = family_copy(walk->owner, walk->family);
    walk->from_start = false;
    clear_hits(walk);
}

/* ---- Making one ---------------------------------------------------------------------- */

void walk_one(struct family *family) {
    family_step(family);
    if (family->tasks[0]->state != TASK_READY)
        family_rest(family);
}

bool walk_to_hit(struct family *family, uint64_t pc, uint64_t hits) {
    for (uint64_t i = 0; i < hits && family->end == FAMILY_GOES_ON; i++) {
        if (cpu_pc(&family->tasks[0]->cpu) == pc)
            walk_one(family);
        if (family->end != FAMILY_GOES_ON || !family_break_at(family, pc))
            break;
        family_run(family);
        family_break_nowhere(family);
    }
    return family->end == FAMILY_GOES_ON && family->breaks;
}

static struct family *rerun(struct walk *walk, const char **why) {
    const struct waypoint *waypoint = &walk->waypoint;
    const struct cpu *wanted = &walk->family->tasks[0]->cpu;
    struct family *copy = walk->template == NULL ? NULL : family_copy(walk->owner, walk->template);
    *why = "a copy cannot be made";
    if (copy == NULL)
        return NULL;
    bool there = !walk->from_start || walk_to_hit(copy, walk->from, 1);
    if (there && waypoint->hits > 0)
        there = walk_to_hit(copy, waypoint->pc, waypoint->hits);
    for (uint64_t i = waypoint->step; there && i < walk->steps; i++) {
        walk_one(copy);
        there = copy->end == FAMILY_GOES_ON;
    }
    const struct cpu *arrived = &copy->tasks[0]->cpu;
    *why = "it does not come to the same place again";
    if (there && cpu_pc(arrived) == cpu_pc(wanted) && cpu_sp(arrived) == cpu_sp(wanted))
        return copy;
    family_end(copy);
    return NULL;
}

struct family *walk_copy(struct walk *walk, const char **why) {
    *why = "a copy cannot be made";
    if (walk->copyable == COPY_ALONE)
        return family_copy(walk->owner, walk->family);
    struct family *copy = NULL;
    if (walk->copyable == COPY_WITH_RELATIVES)
        copy = relatives_copy(walk->owner, walk->relatives, walk->family);
    return copy == NULL ? rerun(walk, why) : copy;
}

void walk_inject(const struct walk *walk, struct family *copy) {
    if (copy->end != FAMILY_GOES_ON)
        return;
    if (walk->options->child_exit) {
        struct task *child = family_task(copy, walk->child);
        if (child == NULL || child->state != TASK_HELD)
            child = family_held(copy, 0); /* it is the second signal: that of another */
        if (child == NULL)
            family_stop_because(copy, FAMILY_LOST, "the child that was held is not there");
        else
            family_end_child(copy, child);
        return;
    }
    if (walk->options->signal != SIGALRM || !family_expire_timer(copy))
        family_signal(copy, walk->options->signal);
}
