/* SPDX-License-Identifier: MIT */
#include "inject/process/pages.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/memory.h"

/* Entries of /proc/PID/pagemap, see proc_pid_pagemap(5). */
#define PRESENT (1ULL << 63)
#define SWAPPED (1ULL << 62)
#define UNSHARED (1ULL << 56)
#define OF_FILE (1ULL << 61)

#define NEAR 32   /* pages: a gap that is dearer to skip than to read */
#define CHUNK 256 /* pages in one transfer; at most IOV_MAX */

size_t pages_size(void) {
    static size_t size;
    if (size == 0)
        size = (size_t)sysconf(_SC_PAGESIZE);
    return size;
}

/* ---- Which pages are there ----------------------------------------------------------- */

static int open_proc(pid_t pid, const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

int pages_open(pid_t pid) {
    return open_proc(pid, "pagemap");
}

int pages_open_space(pid_t pid) {
    return open_proc(pid, "statm");
}

uint64_t pages_space(int fd) {
    char text[64];
    ssize_t length = pread(fd, text, sizeof text - 1, 0);
    text[length < 0 ? 0 : length] = '\0';
    return strtoull(text, NULL, 10);
}

struct present_pages {
    uint64_t any_of, none_of; /* bits that an entry must have one of, and must not have */
    uint64_t *pages;
    size_t count, room;
};

static void add_page(void *owner, struct present_pages *present, uint64_t page) {
    if (present->count == present->room) {
        present->room = present->room == 0 ? 64 : present->room * 2;
        present->pages = grow_array(owner, present->pages, uint64_t, present->room);
    }
    present->pages[present->count++] = page;
}

/* Of the ranges from `first` on so many that lie near each other, read together. */
static size_t near_ranges(const struct layout *layout, size_t first) {
    size_t last = first;
    while (last + 1 < layout->count &&
           layout->writable[last + 1].start - layout->writable[last].end < NEAR * pages_size())
        last++;
    return last - first + 1;
}

/* Entries of the pages from `start` to `end`, of which those in the layout count. */
static bool scan(void *owner, int fd, const struct layout *layout, struct address_range range,
                 struct present_pages *present) {
    uint64_t entries[1024];
    for (uint64_t page = range.start; page < range.end;) {
        size_t left = (range.end - page) / pages_size();
        size_t asked = left < 1024 ? left : 1024;
        ssize_t got = pread(fd, entries, asked * sizeof *entries,
                            (off_t)(page / pages_size() * sizeof *entries));
        if (got != (ssize_t)(asked * sizeof *entries))
            return false;
        for (size_t i = 0; i < asked; i++, page += pages_size())
            if ((entries[i] & present->any_of) != 0 && (entries[i] & present->none_of) == 0 &&
                layout_writable(layout, page))
                add_page(owner, present, page);
    }
    return true;
}

static uint64_t *pages_with(void *owner, int fd, const struct layout *layout, uint64_t any_of,
                            uint64_t none_of, size_t *count) {
    struct present_pages present = {.any_of = any_of, .none_of = none_of};
    bool good = true;
    for (size_t i = 0; good && i < layout->count;) {
        size_t together = near_ranges(layout, i);
        struct address_range range = {.start = layout->writable[i].start,
                                      .end = layout->writable[i + together - 1].end};
        good = scan(owner, fd, layout, range, &present);
        i += together;
    }
    *count = present.count;
    if (good && present.count > 0)
        return present.pages;
    talloc_free(present.pages);
    return NULL;
}

uint64_t *pages_present(void *owner, int fd, const struct layout *layout, size_t *count) {
    return pages_with(owner, fd, layout, PRESENT | SWAPPED, 0, count);
}

uint64_t *pages_own(void *owner, int fd, const struct layout *layout, size_t *count) {
    return pages_with(owner, fd, layout, PRESENT | SWAPPED, OF_FILE, count);
}

/* A page that was swapped out may be anybody's; one of a file was not written, or it would be a
 * copy. */
uint64_t *pages_unshared(void *owner, int fd, const struct layout *layout, size_t *count) {
    return pages_with(owner, fd, layout, UNSHARED | SWAPPED, OF_FILE, count);
}

/* ---- Many at once -------------------------------------------------------------------- */

typedef ssize_t mover(pid_t pid, const struct iovec *local, unsigned long local_count,
                      const struct iovec *remote, unsigned long remote_count, unsigned long flags);

static bool transfer_all(mover *move, pid_t pid, const uint64_t *addresses,
                         unsigned char *const *bytes, size_t count) {
    struct iovec local[CHUNK], remote[CHUNK];
    for (size_t done = 0; done < count;) {
        size_t some = count - done < CHUNK ? count - done : CHUNK;
        for (size_t i = 0; i < some; i++) {
            local[i] = (struct iovec){bytes[done + i], pages_size()};
            remote[i] = (struct iovec){(void *)(uintptr_t)addresses[done + i], pages_size()};
        }
        if (move(pid, local, some, remote, some, 0) != (ssize_t)(some * pages_size()))
            return false;
        done += some;
    }
    return true;
}

bool pages_get(pid_t pid, const uint64_t *addresses, unsigned char *const *bytes, size_t count) {
    return transfer_all(process_vm_readv, pid, addresses, bytes, count);
}

bool pages_put(pid_t pid, const uint64_t *addresses, unsigned char *const *bytes, size_t count) {
    return transfer_all(process_vm_writev, pid, addresses, bytes, count);
}
