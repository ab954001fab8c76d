/* SPDX-License-Identifier: MIT */
/*
 * The copy of the first process makes a child, which then gets what the held child H has of its
 * own: registers, signal mask, the heap's end, and the pages in which H and the first process P
 * differ by now. H's pages never change, so they are read once. Those of P are read again for each
 * copy, but only the ones that are there and did not differ before: once a page differs it is
 * always written. That is right even if it should be the same again.
 *
 * A page of H that is not there (never touched) needs care only if P has touched it since: then it
 * is read from H as well, or is zeros where H's stack has not grown to.
 */
#include "inject/copy/relatives.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/copy/pipes.h"
#include "inject/process/pages.h"

struct page {
    uint64_t address;
    unsigned char *bytes; /* H's */
    bool differs;         /* or did once, from P's */
};

/* A held child, H. */
struct held {
    int id;
    uint64_t heap_end; /* as brk(2) says; 0: unknown, and no copy can be made */
    bool read;         /* the rest is filled in... */
    bool usable;       /* ...and a copy can be made */
    uint64_t mask;
    struct cpu_vectors vectors;
    struct layout *layout;
    struct descriptors *descriptors;
    struct page *pages; /* ascending: those that were there in H, or in P since */
    size_t page_count;
};

struct relatives {
    struct held **held;
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
    unsigned char *room;           /* for pages of P */
    size_t room_pages;
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

static struct held *find_held(const struct relatives *relatives, int id) {
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
    struct held *held = never_null(talloc_zero(relatives, struct held));
    *held = (struct held){.id = task->id, .heap_end = end};
    relatives->held = grow_array(relatives, relatives->held, struct held *, relatives->count + 1);
    relatives->held[relatives->count++] = held;
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

/* ---- What H has ---------------------------------------------------------------------- */

/* So many pages of its own, from `addresses`, which are not among them yet. */
static bool add_pages(struct held *held, pid_t pid, const uint64_t *addresses, size_t count) {
    unsigned char *block = new_array(held, unsigned char, count *pages_size());
    held->pages = grow_array(held, held->pages, struct page, held->page_count + count);
    uint64_t *there = new_array(NULL, uint64_t, count);
    unsigned char **bytes = new_array(there, unsigned char *, count);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        struct page *page = &held->pages[held->page_count++];
        *page = (struct page){.address = addresses[i], .bytes = block + i * pages_size()};
        if (!layout_writable(held->layout, addresses[i])) {
            page->differs = true; /* zeros, below its stack */
            continue;
        }
        there[found] = addresses[i];
        bytes[found++] = page->bytes;
    }
    bool good = pages_get(pid, there, bytes, found);
    talloc_free(there);
    return good;
}

static bool read_held(struct held *held, pid_t pid, const struct capture *capture) {
    held->layout = layout_read(held, pid);
    held->descriptors = descriptors_read(held, pid, capture);
    int fd = pages_open(pid);
    bool good = held->layout != NULL && held->descriptors != NULL && fd >= 0 &&
                held->heap_end != 0 && cpu_read_vectors(pid, &held->vectors) &&
                ptrace(PTRACE_GETSIGMASK, pid, sizeof held->mask, &held->mask) == 0 &&
                tracee_signals(pid).pending == 0;
    size_t count = 0;
    uint64_t *present = good ? pages_present(held, fd, held->layout, &count) : NULL;
    good = present != NULL && add_pages(held, pid, present, count);
    talloc_free(present);
    if (fd >= 0)
        close(fd);
    return good;
}

/* ---- What P has now ------------------------------------------------------------------ */

/* Pages of the whole address space; 0 if that is not known. */
static uint64_t address_space(const struct relatives *relatives) {
    char text[64];
    ssize_t length = pread(relatives->size_fd, text, sizeof text - 1, 0);
    text[length < 0 ? 0 : length] = '\0';
    return strtoull(text, NULL, 10);
}

static void open_files(struct relatives *relatives, pid_t parent) {
    char path[64];
    close_files(relatives);
    snprintf(path, sizeof path, "/proc/%d/statm", (int)parent);
    relatives->size_fd = open(path, O_RDONLY | O_CLOEXEC);
    relatives->map_fd = pages_open(parent);
    relatives->parent = parent;
}

static bool look_at_layout(struct relatives *relatives, struct family *family) {
    talloc_free(relatives->layout);
    relatives->layout = layout_read(relatives, family->tasks[0]->pid);
    relatives->heap_end = heap_end(family);
    bool alike = relatives->layout != NULL && relatives->heap_end != 0;
    for (size_t i = 0; alike && i < relatives->count; i++) {
        struct held *held = relatives->held[i];
        const struct task *task = family_task(family, held->id);
        if (!held->read)
            held->usable = read_held(held, task->pid, family->output.capture);
        held->read = true;
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
    uint64_t size = address_space(relatives);
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

/* ---- Differences --------------------------------------------------------------------- */

static int by_address(const void *one, const void *other) {
    const struct page *a = one, *b = other;
    return (a->address > b->address) - (a->address < b->address);
}

static bool is_within(const struct address_range *range, uint64_t address) {
    return address >= range->start && address < range->end;
}

/* Pages that P has and H did not: H's too, from now on, unless they lie in a heap that H has not.
 * What H has and P has not differs. */
static bool join_pages(struct held *held, pid_t pid, const uint64_t *present, size_t count,
                       const struct address_range *stack) {
    uint64_t *fresh = new_array(NULL, uint64_t, count + 1);
    size_t fresh_count = 0, at = 0;
    for (size_t i = 0; i < count; i++) {
        for (; at < held->page_count && held->pages[at].address < present[i]; at++)
            held->pages[at].differs = true;
        if (at < held->page_count && held->pages[at].address == present[i])
            at++;
        else if (layout_writable(held->layout, present[i]) || is_within(stack, present[i]))
            fresh[fresh_count++] = present[i];
    }
    for (; at < held->page_count; at++)
        held->pages[at].differs = true;
    bool good = fresh_count == 0 || add_pages(held, pid, fresh, fresh_count);
    if (fresh_count > 0)
        qsort(held->pages, held->page_count, sizeof *held->pages, by_address);
    talloc_free(fresh);
    return good;
}

static unsigned char *room_for(struct relatives *relatives, size_t pages) {
    if (pages > relatives->room_pages) {
        relatives->room =
            grow_array(relatives, relatives->room, unsigned char, pages *pages_size());
        relatives->room_pages = pages;
    }
    return relatives->room;
}

/* Pages as one transfer. */
struct transfer {
    uint64_t *addresses;
    unsigned char **bytes;
    struct page **pages;
    size_t count;
};

/* Those of the pages that differ, or that are not known to; below nobody. */
static struct transfer *select_pages(const struct held *held, bool differing) {
    struct transfer *transfer = never_null(talloc_zero(NULL, struct transfer));
    transfer->addresses = new_array(transfer, uint64_t, held->page_count + 1);
    transfer->bytes = new_array(transfer, unsigned char *, held->page_count + 1);
    transfer->pages = new_array(transfer, struct page *, held->page_count + 1);
    for (size_t i = 0; i < held->page_count; i++) {
        struct page *page = &held->pages[i];
        if (page->differs != differing)
            continue;
        transfer->addresses[transfer->count] = page->address;
        transfer->bytes[transfer->count] = page->bytes;
        transfer->pages[transfer->count++] = page;
    }
    return transfer;
}

static bool compare_pages(struct relatives *relatives, struct held *held) {
    struct transfer *transfer = select_pages(held, false);
    unsigned char *room = room_for(relatives, transfer->count);
    for (size_t i = 0; i < transfer->count; i++)
        transfer->bytes[i] = room + i * pages_size();
    bool good = pages_get(relatives->parent, transfer->addresses, transfer->bytes, transfer->count);
    for (size_t i = 0; good && i < transfer->count; i++)
        transfer->pages[i]->differs =
            memcmp(transfer->bytes[i], transfer->pages[i]->bytes, pages_size()) != 0;
    talloc_free(transfer);
    return good;
}

static bool find_differences(struct relatives *relatives, struct family *family) {
    if (relatives->count == 0)
        return true;
    size_t count;
    uint64_t *present = pages_present(NULL, relatives->map_fd, relatives->layout, &count);
    bool good = present != NULL;
    for (size_t i = 0; good && i < relatives->count; i++) {
        struct held *held = relatives->held[i];
        const struct task *task = family_task(family, held->id);
        good = join_pages(held, task->pid, present, count, &relatives->layout->stack) &&
               compare_pages(relatives, held);
    }
    talloc_free(present);
    return good;
}

/* ---- Making them --------------------------------------------------------------------- */

static bool set_heap(const struct relatives *relatives, const struct held *held, pid_t pid,
                     uint64_t call_pc) {
    const uint64_t end[6] = {held->heap_end};
    return held->heap_end == relatives->heap_end ||
           tracee_call(pid, call_pc, SYS_brk, end) == (long)held->heap_end;
}

static bool put_pages(const struct held *held, pid_t pid) {
    struct transfer *transfer = select_pages(held, true);
    bool good = pages_put(pid, transfer->addresses, transfer->bytes, transfer->count);
    talloc_free(transfer);
    return good;
}

static bool make_child(const struct relatives *relatives, size_t index, const struct task *original,
                       struct family *copy) {
    const struct held *held = relatives->held[index];
    const struct task *parent = copy->tasks[0];
    pid_t pid = tracee_child(parent->pid, &parent->cpu, copy->call_pc);
    if (pid < 0)
        return false;
    family_add_copy(copy, pid, original);
    return set_heap(relatives, held, pid, copy->call_pc) &&
           pipes_fit(relatives->pipes, index + 1, pid, copy->call_pc) && put_pages(held, pid) &&
           cpu_write(pid, &original->cpu) && cpu_write_vectors(pid, &held->vectors) &&
           ptrace(PTRACE_SETSIGMASK, pid, sizeof held->mask, &held->mask) == 0;
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
