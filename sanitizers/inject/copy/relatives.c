/* SPDX-License-Identifier: MIT */
/*
 * The copy of the first process P makes a child, which then gets what the held child H has of its
 * own (held_child.h).
 */
#include "inject/copy/relatives.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/copy/held_child.h"
#include "inject/copy/pipes.h"
#include "inject/process/pages.h"

struct relatives {
    struct held_child **held;
    size_t count;
    pid_t parent; /* P, of which is known: */
    int map_fd, size_fd;
    uint64_t size;         /* of its address space, in pages */
    struct layout *layout; /* NULL: not read yet */
    uint64_t heap_end;
    bool alike; /* its layout and those of all held children */
    struct descriptors *descriptors;
    struct descriptor_user *users; /* P and the held children */
    struct pipes *pipes;           /* NULL: they cannot be copied */
};

static void close_files(struct relatives *relatives) {
    if (relatives->map_fd >= 0)
        close(relatives->map_fd);
    if (relatives->size_fd >= 0)
        close(relatives->size_fd);
    relatives->map_fd = relatives->size_fd = -1;
}

static int destroy(struct relatives *relatives) {
    close_files(relatives);
    return 0;
}

struct relatives *relatives_new(void *owner) {
    struct relatives *relatives = never_null(talloc_zero(owner, struct relatives));
    relatives->map_fd = relatives->size_fd = -1;
    talloc_set_destructor(relatives, destroy);
    return relatives;
}

/* ---- Looking ------------------------------------------------------------------------- */

static bool is_held(const struct family *family, const struct task *task) {
    return task->state == TASK_HELD && task->parent == family->tasks[0]->id;
}

static struct held_child *find_held(const struct relatives *relatives, int id) {
    for (size_t i = 0; i < relatives->count; i++)
        if (relatives->held[i]->id == id)
            return relatives->held[i];
    return NULL;
}

/* The heap's end in P. It executes a call for that, as it does when it is copied. */
static uint64_t heap_end(const struct family *family) {
    const uint64_t none[6] = {0};
    long end = tracee_call(family->tasks[0]->pid, family->call_pc, SYS_brk, none);
    return end < 0 ? 0 : (uint64_t)end;
}

static void forget_gone(struct relatives *relatives, struct family *family) {
    size_t kept = 0;
    for (size_t i = 0; i < relatives->count; i++) {
        struct task *task = family_task(family, relatives->held[i]->id);
        if (task != NULL && is_held(family, task))
            relatives->held[kept++] = relatives->held[i];
        else
            talloc_free(relatives->held[i]);
    }
    relatives->count = kept;
}

static void add_held(struct relatives *relatives, const struct task *task, uint64_t end) {
    relatives->held =
        grow_array(relatives, relatives->held, struct held_child *, relatives->count + 1);
    relatives->held[relatives->count++] = held_child_new(relatives, task->id, end);
}

void relatives_look(struct relatives *relatives, struct family *family, bool askable) {
    forget_gone(relatives, family);
    family->inheritance.called = true;
    family->inheritance.estranged = family->inheritance.estranged && relatives->count > 0;
    for (size_t i = 1; i < family->task_count; i++) {
        const struct task *task = family->tasks[i];
        if (!is_held(family, task) || find_held(relatives, task->id) != NULL)
            continue;
        add_held(relatives, task, askable ? heap_end(family) : 0);
        family->inheritance.remapped = true; /* there is one more to compare with */
    }
}

/* ---- What P has now ------------------------------------------------------------------ */

static void open_files(struct relatives *relatives, pid_t parent) {
    close_files(relatives);
    relatives->size_fd = pages_open_space(parent);
    relatives->map_fd = pages_open(parent);
    relatives->parent = parent;
}

static bool look_at_layout(struct relatives *relatives, struct family *family) {
    talloc_free(relatives->layout);
    relatives->layout = layout_read(relatives, family->tasks[0]->pid);
    relatives->heap_end = heap_end(family);
    bool alike = relatives->layout != NULL && relatives->heap_end != 0;
    for (size_t i = 0; alike && i < relatives->count; i++) {
        struct held_child *held = relatives->held[i];
        const struct task *task = family_task(family, held->id);
        if (!held->read)
            held_child_read(held, task->pid, family->output.capture);
        alike = held->usable && layout_alike(held->layout, relatives->layout);
    }
    return alike;
}

/* Only calls change them and what is in pipes. */
static bool look_at_descriptors(struct relatives *relatives, struct family *family) {
    pid_t parent = family->tasks[0]->pid;
    talloc_free(relatives->pipes);
    talloc_free(relatives->users);
    talloc_free(relatives->descriptors);
    relatives->pipes = NULL;
    relatives->users = new_array(relatives, struct descriptor_user, relatives->count + 1);
    relatives->descriptors = descriptors_read(relatives, parent, family->output.capture);
    if (relatives->descriptors == NULL)
        return false;
    relatives->users[0] = (struct descriptor_user){parent, relatives->descriptors};
    for (size_t i = 0; i < relatives->count; i++)
        relatives->users[i + 1] = (struct descriptor_user){
            family_task(family, relatives->held[i]->id)->pid, relatives->held[i]->descriptors};
    relatives->pipes = pipes_find(relatives, relatives->users, relatives->count + 1);
    return relatives->pipes != NULL;
}

/* Only its own calls and a stack that grows change what it has mapped; the latter shows in the
 * size. */
static bool refresh_layout(struct relatives *relatives, struct family *family) {
    if (relatives->count == 0)
        return true;
    if (relatives->parent != family->tasks[0]->pid)
        open_files(relatives, family->tasks[0]->pid);
    uint64_t size = pages_space(relatives->size_fd);
    if (relatives->map_fd < 0 || size == 0)
        return false;
    if (family->inheritance.remapped || relatives->layout == NULL || size != relatives->size)
        relatives->alike = look_at_layout(relatives, family);
    relatives->size = size;
    family->inheritance.remapped = false;
    return relatives->alike;
}

static bool refresh(struct relatives *relatives, struct family *family) {
    if (!refresh_layout(relatives, family))
        return false;
    if (family->inheritance.called)
        look_at_descriptors(relatives, family);
    family->inheritance.called = false;
    return relatives->pipes != NULL;
}

static bool find_differences(struct relatives *relatives, struct family *family) {
    if (relatives->count == 0)
        return true;
    struct held_child_parent parent = {.pid = relatives->parent, .layout = relatives->layout};
    uint64_t *present =
        pages_present(NULL, relatives->map_fd, relatives->layout, &parent.present_count);
    bool good = present != NULL;
    parent.present = present;
    for (size_t i = 0; good && i < relatives->count; i++) {
        struct held_child *held = relatives->held[i];
        good = held_child_compare(held, family_task(family, held->id)->pid, &parent);
    }
    talloc_free(present);
    return good;
}

/* ---- Making them --------------------------------------------------------------------- */

static bool make_child(const struct relatives *relatives, size_t index, const struct task *original,
                       struct family *copy) {
    const struct held_child *held = relatives->held[index];
    const struct task *parent = copy->tasks[0];
    pid_t pid = tracee_child(parent->pid, &parent->cpu, copy->call_pc);
    if (pid < 0)
        return false;
    family_add_copy(copy, pid, original);
    return pipes_fit(relatives->pipes, index + 1, pid, copy->call_pc) &&
           held_child_give(held, pid, relatives->heap_end, copy->call_pc) &&
           cpu_write(pid, &original->cpu);
}

/* All of the others are either held, and known, or gone. */
static bool are_all_known(const struct relatives *relatives, const struct family *family) {
    size_t known = 0;
    for (size_t i = 1; i < family->task_count; i++) {
        const struct task *task = family->tasks[i];
        if (task->state == TASK_ENDED)
            continue;
        if (!is_held(family, task) || find_held(relatives, task->id) == NULL)
            return false;
        known++;
    }
    return known == relatives->count;
}

struct family *relatives_copy(void *owner, struct relatives *relatives, struct family *family) {
    if (family->inheritance.estranged || family->real_ids || !are_all_known(relatives, family) ||
        !refresh(relatives, family) || !find_differences(relatives, family))
        return NULL;
    struct family *copy = family_copy(owner, family);
    bool good = copy != NULL && pipes_make(relatives->pipes, copy->tasks[0]->pid,
                                           &copy->tasks[0]->cpu, copy->call_pc);
    for (size_t i = 0; good && i < relatives->count; i++)
        good = make_child(relatives, i, family_task(family, relatives->held[i]->id), copy);
    if (good && pipes_done(relatives->pipes, copy->tasks[0]->pid, copy->call_pc))
        return copy;
    family_end(copy);
    return NULL;
}
