/* SPDX-License-Identifier: MIT */
/*
 * H's pages never change. Those of P are read again for each copy, but only the ones that are there
 * and did not differ before: once a page differs it is always written. That is right even if it
 * should be the same again.
 *
 * A page of H that is not there (never touched) needs care only if P has touched it since: then it
 * is read from H as well, or is zeros where H's stack has not grown to.
 */
#include "inject/copy/held_child.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/process/pages.h"
#include "inject/process/tracee.h"

struct held_page {
    uint64_t address;
    unsigned char *bytes; /* H's */
    bool differs;         /* or did once, from P's */
};

struct held_child *held_child_new(void *owner, int id, uint64_t heap_end) {
    struct held_child *held = never_null(talloc_zero(owner, struct held_child));
    held->id = id;
    held->heap_end = heap_end;
    return held;
}

/* ---- What H has ---------------------------------------------------------------------- */

/* Its pages at `addresses`, which are not among them yet. */
static bool add_pages(struct held_child *held, pid_t pid, const uint64_t *addresses, size_t count) {
    unsigned char *block = new_array(held, unsigned char, count *pages_size());
    held->pages = grow_array(held, held->pages, struct held_page, held->page_count + count);
    uint64_t *there = new_array(NULL, uint64_t, count);
    unsigned char **bytes = new_array(there, unsigned char *, count);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        struct held_page *page = &held->pages[held->page_count++];
        *page = (struct held_page){.address = addresses[i], .bytes = block + i * pages_size()};
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

bool held_child_read(struct held_child *held, pid_t pid, const struct capture *capture) {
    held->read = true;
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
    held->usable = good;
    return good;
}

/* ---- Differences --------------------------------------------------------------------- */

static int by_address(const void *one, const void *other) {
    const struct held_page *a = one, *b = other;
    return (a->address > b->address) - (a->address < b->address);
}

static bool is_within(const struct address_range *range, uint64_t address) {
    return address >= range->start && address < range->end;
}

/* Pages that P has and H did not: H's too, from now on, unless they lie in a heap that H has not.
 * What H has and P has not differs. */
static bool join_pages(struct held_child *held, pid_t pid, const struct held_child_parent *parent) {
    const uint64_t *present = parent->present;
    size_t count = parent->present_count;
    uint64_t *fresh = new_array(NULL, uint64_t, count + 1);
    size_t fresh_count = 0, at = 0;
    for (size_t i = 0; i < count; i++) {
        for (; at < held->page_count && held->pages[at].address < present[i]; at++)
            held->pages[at].differs = true;
        if (at < held->page_count && held->pages[at].address == present[i])
            at++;
        else if (layout_writable(held->layout, present[i]) ||
                 is_within(&parent->layout->stack, present[i]))
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

static unsigned char *room_for(struct held_child *held, size_t pages) {
    if (pages > held->room_pages) {
        held->room = grow_array(held, held->room, unsigned char, pages *pages_size());
        held->room_pages = pages;
    }
    return held->room;
}

/* Pages as one transfer. */
struct held_transfer {
    uint64_t *addresses;
    unsigned char **bytes;
    struct held_page **pages;
    size_t count;
};

/* Those of the pages that differ, or that are not known to; below nobody. */
static struct held_transfer *select_pages(const struct held_child *held, bool differing) {
    struct held_transfer *transfer = never_null(talloc_zero(NULL, struct held_transfer));
    transfer->addresses = new_array(transfer, uint64_t, held->page_count + 1);
    transfer->bytes = new_array(transfer, unsigned char *, held->page_count + 1);
    transfer->pages = new_array(transfer, struct held_page *, held->page_count + 1);
    for (size_t i = 0; i < held->page_count; i++) {
        struct held_page *page = &held->pages[i];
        if (page->differs != differing)
            continue;
        transfer->addresses[transfer->count] = page->address;
        transfer->bytes[transfer->count] = page->bytes;
        transfer->pages[transfer->count++] = page;
    }
    return transfer;
}

static bool compare_pages(struct held_child *held, pid_t parent) {
    struct held_transfer *transfer = select_pages(held, false);
    unsigned char *room = room_for(held, transfer->count);
    for (size_t i = 0; i < transfer->count; i++)
        transfer->bytes[i] = room + i * pages_size();
    bool good = pages_get(parent, transfer->addresses, transfer->bytes, transfer->count);
    for (size_t i = 0; good && i < transfer->count; i++)
        transfer->pages[i]->differs =
            memcmp(transfer->bytes[i], transfer->pages[i]->bytes, pages_size()) != 0;
    talloc_free(transfer);
    return good;
}

bool held_child_compare(struct held_child *held, pid_t pid,
                        const struct held_child_parent *parent) {
    return join_pages(held, pid, parent) && compare_pages(held, parent->pid);
}

/* ---- To a child of a copy ---------------------------------------------------------------- */

static bool set_heap(const struct held_child *held, pid_t pid, uint64_t heap_end,
                     uint64_t call_pc) {
    const uint64_t end[6] = {held->heap_end};
    return held->heap_end == heap_end ||
           tracee_call(pid, call_pc, SYS_brk, end) == (long)held->heap_end;
}

static bool put_pages(const struct held_child *held, pid_t pid) {
    struct held_transfer *transfer = select_pages(held, true);
    bool good = pages_put(pid, transfer->addresses, transfer->bytes, transfer->count);
    talloc_free(transfer);
    return good;
}

bool held_child_give(const struct held_child *held, pid_t child, uint64_t heap_end,
                     uint64_t call_pc) {
    return set_heap(held, child, heap_end, call_pc) && put_pages(held, child) &&
           cpu_write_vectors(child, &held->vectors) &&
           ptrace(PTRACE_SETSIGMASK, child, sizeof held->mask, &held->mask) == 0;
}
