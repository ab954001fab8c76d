/* SPDX-License-Identifier: MIT */
#include "inject/process/undo.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/process/pages.h"
#include "inject/process/tracee.h"

#define MOST_PAGES 64 /* that are saved each time: beyond it a copy costs less */

struct undo {
    bool current;    /* what is saved is what W has now */
    pid_t pid, twin; /* 0: there is none */
    int map_fd, size_fd;
    uint64_t size; /* of W's address space, in pages, when its layout was read */
    struct layout *layout;
    uint64_t
        pages[MOST_PAGES]; /* ascending: what W has written since the twin was made, and more */
    unsigned char *bytes[MOST_PAGES];
    size_t count;
    struct cpu_vectors vectors;
    uint64_t mask;
};

/* ---- The twin ------------------------------------------------------------------------ */

static void close_files(struct undo *undo) {
    if (undo->map_fd >= 0)
        close(undo->map_fd);
    if (undo->size_fd >= 0)
        close(undo->size_fd);
    undo->map_fd = undo->size_fd = -1;
}

static int destroy(struct undo *undo) {
    undo_forget(undo);
    close_files(undo);
    return 0;
}

struct undo *undo_new(void *owner) {
    struct undo *undo = never_null(talloc_zero(owner, struct undo));
    unsigned char *room = new_array(undo, unsigned char, MOST_PAGES *pages_size());
    for (size_t i = 0; i < MOST_PAGES; i++)
        undo->bytes[i] = room + i * pages_size();
    undo->map_fd = undo->size_fd = -1;
    talloc_set_destructor(undo, destroy);
    return undo;
}

void undo_forget(struct undo *undo) {
    if (undo->twin > 0)
        tracee_kill(undo->twin);
    undo->twin = 0;
    undo->count = 0;
    undo->current = false;
}

pid_t undo_twin(const struct undo *undo) {
    return undo->twin;
}

static bool is_unshared(const struct undo *undo, uint64_t page) {
    size_t count = 0;
    uint64_t *unshared = pages_unshared(NULL, undo->map_fd, undo->layout, &count);
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found |= unshared[i] == page;
    talloc_free(unshared);
    return found;
}

/* Does this kernel tell what is not in common any more? The twin writes what is there already. */
static bool tells_written(const struct undo *undo, const struct cpu *cpu) {
    uint64_t page = cpu_sp(cpu) / pages_size() * pages_size(), word;
    return !is_unshared(undo, page) && tracee_get(undo->twin, page, &word, sizeof word) &&
           tracee_put(undo->twin, page, &word, sizeof word) && is_unshared(undo, page);
}

static bool make_twin(struct undo *undo, pid_t pid, const struct cpu *cpu, uint64_t call_pc) {
    if (undo->pid != pid) {
        close_files(undo);
        undo->map_fd = pages_open(pid);
        undo->size_fd = pages_open_space(pid);
        undo->pid = pid;
    }
    talloc_free(undo->layout);
    undo->layout = layout_read(undo, pid);
    undo->size = pages_space(undo->size_fd);
    if (undo->layout == NULL || undo->map_fd < 0 || undo->size == 0)
        return false;
    if (cpu_has_shadow_stack(pid))
        return false; /* it is not written as other memory is */
    undo->twin = tracee_copy(pid, cpu, call_pc);
    return undo->twin > 0 && tells_written(undo, cpu);
}

/* ---- Keeping ------------------------------------------------------------------------- */

/* undo->count: it is not among them. */
static size_t find_page(const struct undo *undo, uint64_t page) {
    size_t low = 0, high = undo->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (undo->pages[middle] < page)
            low = middle + 1;
        else
            high = middle;
    }
    return low < undo->count && undo->pages[low] == page ? low : undo->count;
}

static bool has_page(const struct undo *undo, uint64_t page) {
    return find_page(undo, page) < undo->count;
}

static void add_page(struct undo *undo, uint64_t page) {
    size_t at = undo->count++;
    for (; at > 0 && undo->pages[at - 1] > page; at--)
        undo->pages[at] = undo->pages[at - 1];
    undo->pages[at] = page;
}

/* What W has written by its own steps. False if that is too much. */
static bool add_written(struct undo *undo) {
    size_t count = 0;
    uint64_t *written = pages_unshared(NULL, undo->map_fd, undo->layout, &count);
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        if (has_page(undo, written[i]))
            continue;
        good = undo->count < MOST_PAGES;
        if (good)
            add_page(undo, written[i]);
    }
    talloc_free(written);
    return good;
}

/* Its stack may have grown by itself. */
static bool refresh(struct undo *undo, pid_t pid, const struct cpu *cpu, uint64_t call_pc) {
    if (undo->twin > 0 && (undo->pid != pid || pages_space(undo->size_fd) != undo->size))
        undo_forget(undo);
    if (undo->twin == 0 && !make_twin(undo, pid, cpu, call_pc))
        return false;
    return add_written(undo);
}

bool undo_keep(struct undo *undo, pid_t pid, const struct cpu *cpu, uint64_t call_pc) {
    if (undo->current && undo->pid == pid)
        return true;
    undo->current = refresh(undo, pid, cpu, call_pc) &&
                    pages_get(pid, undo->pages, undo->bytes, undo->count) &&
                    cpu_read_vectors(pid, &undo->vectors) &&
                    ptrace(PTRACE_GETSIGMASK, pid, sizeof undo->mask, &undo->mask) == 0;
    if (!undo->current)
        undo_forget(undo);
    return undo->current;
}

/* The word at its stack pointer, where the page is saved. */
static bool save_top(struct undo *undo, const struct cpu *cpu) {
    uint64_t word, offset = cpu_sp(cpu) % pages_size();
    size_t index = find_page(undo, cpu_sp(cpu) - offset);
    return index < undo->count && offset + sizeof word <= pages_size() &&
           tracee_get(undo->pid, cpu_sp(cpu), undo->bytes[index] + offset, sizeof word);
}

void undo_note_step(struct undo *undo, const struct cpu *cpu, enum footprint footprint) {
    if (footprint == FOOTPRINT_ANY)
        undo->current = false;
    else if (footprint == FOOTPRINT_PUSH && undo->current)
        undo->current = save_top(undo, cpu);
}

/* ---- Putting back -------------------------------------------------------------------- */

/* What was in W's page before it wrote to it. A stack may have grown meanwhile, the twin's has not:
 * there were zeros. */
static bool first_content(const struct undo *undo, const struct layout *now, uint64_t page,
                          unsigned char *bytes) {
    if (tracee_get(undo->twin, page, bytes, pages_size()))
        return true;
    memset(bytes, 0, pages_size());
    return layout_from_zeros(now, page) && !layout_writable(undo->layout, page);
}

static bool put_back_others(const struct undo *undo, const struct layout *now) {
    size_t count = 0;
    uint64_t *written = pages_unshared(NULL, undo->map_fd, now, &count);
    unsigned char *bytes = new_array(written, unsigned char, pages_size());
    bool good = written != NULL; /* the signal's frame is one of them */
    for (size_t i = 0; good && i < count; i++)
        if (!has_page(undo, written[i]))
            good = first_content(undo, now, written[i], bytes) &&
                   tracee_put(undo->pid, written[i], bytes, pages_size());
    if (written == NULL)
        talloc_free(bytes);
    talloc_free(written);
    return good;
}

static bool put_back_memory(const struct undo *undo) {
    if (pages_space(undo->size_fd) == undo->size)
        return put_back_others(undo, undo->layout);
    struct layout *now = layout_read(NULL, undo->pid);
    bool good = now != NULL && put_back_others(undo, now);
    talloc_free(now);
    return good;
}

bool undo_back(const struct undo *undo, const struct cpu *cpu) {
    struct cpu restored = *cpu;
    cpu_set_pc(&restored, cpu_pc(cpu));
    return put_back_memory(undo) &&
           pages_put(undo->pid, undo->pages, (unsigned char *const *)undo->bytes, undo->count) &&
           cpu_write_vectors(undo->pid, &undo->vectors) &&
           ptrace(PTRACE_SETSIGMASK, undo->pid, sizeof undo->mask, &undo->mask) == 0 &&
           cpu_write(undo->pid, &restored);
}
