/* SPDX-License-Identifier: MIT */
#include "inject/copy/copies.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/copy/descriptors.h"
#include "inject/copy/rehearsal.h"
#include "inject/copy/relatives.h"
#include "inject/copy/waypoints.h"
#include "inject/family/schedule.h"
#include "run/proc_text.h"

/* How the walked process can be copied where it stands. */
enum copyable {
    COPY_BY_RERUN,       /* not at all: from the template */
    COPY_WITH_RELATIVES, /* with pipes and children that are held (relatives.h); if that fails, by
                            rerun */
    COPY_ALONE           /* it has none, and nothing else that a copy could not have for itself */
};

struct copies {
    struct family *family; /* the walked process */
    uint64_t from;
    struct family *template; /* NULL: none is needed */
    bool from_start;         /* it has not come to `from` yet */
    enum copyable copyable;
    struct relatives *relatives;
    struct rehearsal *rehearsal;
    bool
        rehearsable; /* with at most one held child, and with outputs that are no pipes of its own */
    struct rehearsal_child child; /* id 0: of none is known how it ends */
    struct waypoints *way;        /* since the template was made, or since `from` */
};

static void end_template(struct copies *copies) {
    family_end(copies->template);
    copies->template = NULL;
    copies->from_start = false;
}

struct copies *copies_new(void *owner, struct family *family, uint64_t from) {
    struct copies *copies = never_null(talloc_zero(owner, struct copies));
    *copies = (struct copies){.family = family, .from = from, .from_start = true};
    copies->template = family_copy(copies, family);
    copies->relatives = relatives_new(copies);
    copies->rehearsal = rehearsal_new(copies);
    copies->way = waypoints_new(copies);
    if (copies->template != NULL)
        return copies;
    talloc_free(copies);
    return NULL;
}

void copies_end(struct copies *copies) {
    if (copies != NULL)
        family_end(copies->template);
    talloc_free(copies);
}

static void begin_way(struct copies *copies) {
    talloc_free(copies->way);
    copies->way = waypoints_new(copies);
}

void copies_begin(struct copies *copies) {
    begin_way(copies);
    /* Of a child that was made before, we do not know what its parent has done since. */
    copies->family->inheritance.estranged = family_held(copies->family, 0) != NULL;
}

void copies_count(struct copies *copies, uint64_t pc, bool repeated) {
    if (copies->template != NULL)
        waypoints_meet(copies->way, pc, repeated);
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
    char *maps = proc_text(NULL, "/proc/%d/maps", (int)copies->family->tasks[0]->pid);
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

/* What it prints goes to us, or nowhere. */
static bool prints_to_us(const struct descriptors *descriptors) {
    for (int number = STDOUT_FILENO; number <= STDERR_FILENO; number++) {
        const struct descriptor *one = descriptors_find(descriptors, number);
        if (one != NULL && one->pipe)
            return false;
    }
    return true;
}

/* Of a process that stands still. */
static enum copyable how_copyable(struct copies *copies) {
    struct family *family = copies->family;
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
    struct descriptors *descriptors = descriptors_read(NULL, first->pid, family->output.capture);
    bool shares = descriptors == NULL || shares_memory(copies);
    copies->rehearsable = !shares && prints_to_us(descriptors) && family_held(family, 1) == NULL;
    shares = shares || (descriptors->input && !alone);
    alone = alone && !shares && !descriptors->any_pipe;
    talloc_free(descriptors);
    if (shares)
        return COPY_BY_RERUN;
    return alone ? COPY_ALONE : COPY_WITH_RELATIVES;
}

void copies_look(struct copies *copies, uint64_t pending) {
    bool stands = stands_still(copies->family->tasks[0], pending);
    relatives_look(copies->relatives, copies->family, stands);
    copies->copyable = stands ? how_copyable(copies) : COPY_BY_RERUN;
    if (copies->copyable == COPY_ALONE && copies->template != NULL)
        end_template(copies);
}

void copies_keep_template(struct copies *copies) {
    if (copies->copyable != COPY_ALONE)
        return;
    end_template(copies);
    copies->template = family_copy(copies, copies->family);
    begin_way(copies);
}

void copies_only_rerun(struct copies *copies) {
    copies->copyable = COPY_BY_RERUN;
}

/* ---- Making one ---------------------------------------------------------------------- */

static struct family *rerun(struct copies *copies, const char **why) {
    const struct waypoint *waypoint = &copies->way->best;
    const struct cpu *wanted = &copies->family->tasks[0]->cpu;
    struct family *copy = copies->template == NULL ? NULL : family_copy(copies, copies->template);
    *why = "a copy cannot be made";
    if (copy == NULL)
        return NULL;
    bool there = !copies->from_start || schedule_run_to(copy, copies->from, 1);
    if (there && waypoint->hits > 0)
        there = schedule_run_to(copy, waypoint->pc, waypoint->hits);
    for (uint64_t i = waypoint->step; there && i < copies->way->steps; i++) {
        schedule_step(copy);
        there = copy->end == FAMILY_GOES_ON;
    }
    const struct cpu *arrived = &copy->tasks[0]->cpu;
    *why = "it does not come to the same place again";
    if (there && cpu_pc(arrived) == cpu_pc(wanted) && cpu_sp(arrived) == cpu_sp(wanted) &&
        cpu_result(arrived) == cpu_result(wanted))
        return copy;
    family_end(copy);
    return NULL;
}

void copies_note_call(struct copies *copies, long call) {
    rehearsal_note_call(copies->rehearsal, call);
}

void copies_forget_rehearsal(struct copies *copies) {
    rehearsal_forget(copies->rehearsal);
}

void copies_note_step(struct copies *copies, enum footprint footprint) {
    rehearsal_note_step(copies->rehearsal, &copies->family->tasks[0]->cpu, footprint);
}

/* Of one that only ends, as far as others notice, and is as the walked process's own child. */
void copies_learn_end(struct copies *copies, struct family *copy, const struct task *child,
                      const struct family *before) {
    const struct task *held = family_task(copies->family, child->id);
    family_drain(copy);
    if (child->state != TASK_ENDED || child->exit_code < 0 ||
        copy->changes != before->changes + 1 || copy->clock != before->clock ||
        copy->luck != before->luck || copy->task_count != before->task_count ||
        output_length(&copy->output) != output_length(&before->output) || held == NULL ||
        held->state != TASK_HELD)
        return;
    copies->child = (struct rehearsal_child){child->id, child->exit_code, tracee_user(held->pid)};
}

struct family *copies_rehearse(struct copies *copies, int child_id) {
    const struct family *family = copies->family;
    const struct task *held = family_held(family, 0);
    bool expires = family->tried.number == SIGALRM && family->tasks[0]->timer_at >= 0;
    if (copies->copyable == COPY_BY_RERUN || !copies->rehearsable || !family->filtered || expires)
        return NULL;
    if (child_id == 0)
        return held == NULL ? rehearsal_run(copies, copies->rehearsal, copies->family, NULL) : NULL;
    if (held == NULL || held->id != child_id || copies->child.id != child_id || family->real_ids ||
        family->inheritance.estranged)
        return NULL;
    return rehearsal_run(copies, copies->rehearsal, copies->family, &copies->child);
}

struct family *copies_make(struct copies *copies, const char **why) {
    *why = "a copy cannot be made";
    if (copies->copyable == COPY_ALONE)
        return family_copy(copies, copies->family);
    struct family *copy = NULL;
    if (copies->copyable == COPY_WITH_RELATIVES)
        copy = relatives_copy(copies, copies->relatives, copies->family);
    return copy == NULL ? rerun(copies, why) : copy;
}
