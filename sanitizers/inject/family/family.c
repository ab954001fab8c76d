/* SPDX-License-Identifier: MIT */
#include "inject/family/family.h"
#include "inject/process/input.h"

#include <errno.h>
#include <signal.h>

#include "base/memory.h"

/* ---- Limits -------------------------------------------------------------------------- */

static void come_to(struct family *family, enum limits_end end) {
    static const enum family_end ends[] = {[LIMITS_STOP] = FAMILY_INTERRUPTED,
                                           [LIMITS_TIME] = FAMILY_CUT,
                                           [LIMITS_ALIVE] = FAMILY_UNSUPPORTED,
                                           [LIMITS_MADE] = FAMILY_RAN_AWAY,
                                           [LIMITS_WAITS] = FAMILY_RAN_AWAY};
    if (end != LIMITS_NONE)
        family_stop_because(family, ends[end], limits_words(end));
}

bool family_may_go_on(struct family *family) {
    come_to(family, limits_look(&family->limits));
    return family->end == FAMILY_GOES_ON;
}

void family_count_wait(struct family *family) {
    come_to(family, limits_count_wait(&family->limits));
}

static void count_process(struct family *family) {
    size_t alive = 0;
    for (size_t i = 0; i < family->task_count; i++)
        alive += family->tasks[i]->state != TASK_ENDED;
    come_to(family, limits_count_process(&family->limits, alive));
}

/* ---- Members ------------------------------------------------------------------------- */

static struct task *add(struct family *family, pid_t pid, int id, int parent) {
    family->tasks = grow_array(family, family->tasks, struct task *, family->task_count + 1);
    struct task *task = task_new(family, pid, id, parent);
    family->tasks[family->task_count++] = task;
    return task;
}

struct task *family_add(struct family *family, pid_t pid, int id, int parent) {
    struct task *task = add(family, pid, id, parent);
    count_process(family);
    return task;
}

struct task *family_add_copy(struct family *family, pid_t pid, const struct task *original) {
    struct task *task = add(family, pid, original->id, original->parent);
    *task = *original;
    task->pid = pid;
    return task;
}

struct task *family_task(const struct family *family, int id) {
    for (size_t i = 0; i < family->task_count; i++)
        if (family->tasks[i]->id == id)
            return family->tasks[i];
    return NULL;
}

/* The kernel may give the number of a process that was waited for to another: the youngest has it.
 */
struct task *family_task_of(const struct family *family, pid_t pid) {
    for (size_t i = family->task_count; i > 0; i--)
        if (family->tasks[i - 1]->pid == pid)
            return family->tasks[i - 1];
    return NULL;
}

static struct task *child_in(const struct family *family, unsigned states, size_t index) {
    for (size_t i = family->task_count; i > 1; i--) {
        struct task *task = family->tasks[i - 1];
        if ((states & 1U << task->state) != 0 && task->parent == family->tasks[0]->id &&
            index-- == 0)
            return task;
    }
    return NULL;
}

struct task *family_held(const struct family *family, size_t index) {
    return child_in(family, 1U << TASK_HELD, index);
}

struct task *family_able(const struct family *family, size_t index) {
    return child_in(family, 1U << TASK_HELD | 1U << TASK_READY | 1U << TASK_NAPPING, index);
}

/* ---- What becomes of them ------------------------------------------------------------ */

int family_stop_because(struct family *family, enum family_end end, const char *why) {
    if (family->end == FAMILY_GOES_ON) {
        family->end = end;
        family->why = why;
    }
    return -1;
}

void family_task_ended(struct family *family, struct task *task, struct stop stop) {
    task->state = TASK_ENDED;
    task->exit_code = stop.kind == STOP_EXITED ? stop.number : -1;
    task->at_call = false;
    family->changes++;
    if (task == family->tasks[0] && family->end == FAMILY_GOES_ON) {
        family->end = stop.kind == STOP_EXITED ? FAMILY_EXITED : FAMILY_KILLED;
        family->status = stop.number;
    }
    family_wake_nappers(family);
}

void family_wake_nappers(struct family *family) {
    for (size_t i = 0; i < family->task_count; i++)
        if (family->tasks[i]->state == TASK_NAPPING && task_is_disturbed(family->tasks[i]))
            task_answer(family->tasks[i], -EINTR);
}

bool family_drain(struct family *family) {
    bool any = output_drain(family, &family->output);
    if (family->output.overflows)
        family_stop_because(family, FAMILY_RAN_AWAY, "prints without end");
    return any;
}

/* ---- Beginning, copies and the end ----------------------------------------------------- */

struct family *family_new(void *owner, pid_t first, const struct capture *capture) {
    struct family *family = never_null(talloc_zero(owner, struct family));
    family->session = first;
    family->next_id = FAMILY_FIRST_PID + 1;
    output_begin(family, &family->output, capture);
    struct task *task = add(family, first, FAMILY_FIRST_PID, FAMILY_FIRST_PID - 1);
    cpu_read(first, &task->cpu);
    return family;
}

/* Like it, with that first process alone. */
static struct family *like(void *owner, const struct family *family, pid_t pid) {
    struct family *copy = never_null(talloc_memdup(owner, family, sizeof *family));
    copy->tasks = NULL;
    copy->task_count = 0;
    family_add_copy(copy, pid, family->tasks[0])->seconds = 0;
    limits_restart(&copy->limits);
    circle_break(&copy->circle);
    delayed_separate(copy, &copy->delayed);
    output_separate(copy, &copy->output);
    return copy;
}

struct family *family_copy(void *owner, struct family *family) {
    struct task *first = family->tasks[0];
    family_drain(family);
    pid_t pid = tracee_copy(first->pid, &first->cpu, family->call_pc);
    if (pid > 0 && !input_own(pid, first->pid, &first->cpu, family->call_pc)) {
        tracee_kill(pid);
        return NULL;
    }
    return pid < 0 ? NULL : like(owner, family, pid);
}

struct family *family_guise(void *owner, const struct family *family) {
    return like(owner, family, family->tasks[0]->pid);
}

void family_end(struct family *family) {
    if (family == NULL)
        return;
    for (size_t i = 0; i < family->task_count; i++)
        if (family->tasks[i]->state != TASK_ENDED)
            kill(family->tasks[i]->pid, SIGKILL);
    for (size_t i = 0; i < family->task_count; i++)
        if (family->tasks[i]->state != TASK_ENDED)
            tracee_kill(family->tasks[i]->pid);
    /* A process that lost its parent is now our child (we are a subreaper): it must be waited for
     * again. */
    for (size_t i = 1; i < family->task_count; i++)
        tracee_poll(family->tasks[i]->pid);
    talloc_free(family);
}
