/* SPDX-License-Identifier: MIT */
#include "inject/process/state_hash.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/process/cpu.h"
#include "inject/process/pages.h"
#include "inject/process/tracee.h"
#include "run/proc_text.h"

/* FNV-1a, by words. */
static uint64_t add_bytes(uint64_t hash, const unsigned char *bytes, size_t length) {
    uint64_t word;
    for (size_t at = 0; at + sizeof word <= length; at += sizeof word) {
        memcpy(&word, bytes + at, sizeof word);
        hash = (hash ^ word) * 0x100000001b3ULL;
        hash ^= hash >> 29;
    }
    return hash;
}

static bool is_zeros(const unsigned char *page) {
    return page[0] == 0 && memcmp(page, page + 1, pages_size() - 1) == 0;
}

/* A page that is as it was before it was first touched counts as one that never was: a look at it,
 * or what was undone (undo.h), makes no other state. */
static bool add_pages(void *owner, pid_t pid, const struct layout *layout, uint64_t *hash) {
    int fd = pages_open(pid);
    size_t count = 0;
    uint64_t *addresses = fd < 0 ? NULL : pages_own(owner, fd, layout, &count);
    if (fd >= 0)
        close(fd);
    if (addresses == NULL)
        return false;
    unsigned char *all = new_array(owner, unsigned char, count *pages_size() + 1);
    unsigned char **bytes = new_array(owner, unsigned char *, count + 1);
    for (size_t i = 0; i < count; i++)
        bytes[i] = all + i * pages_size();
    if (!pages_get(pid, addresses, bytes, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (layout_from_zeros(layout, addresses[i]) && is_zeros(bytes[i]))
            continue;
        *hash = add_bytes(*hash, (const unsigned char *)&addresses[i], sizeof addresses[i]);
        *hash = add_bytes(*hash, bytes[i], pages_size());
    }
    return true;
}

static uint64_t add_text(uint64_t hash, const char *text) {
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL;
    return hash;
}

/* Which descriptors there are, and how far each has been read. */
static bool add_descriptors(void *owner, pid_t pid, uint64_t *hash) {
    const char *path = never_null(talloc_asprintf(owner, "/proc/%d/fdinfo", (int)pid));
    DIR *folder = opendir(path);
    if (folder == NULL)
        return false;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        *hash = add_text(*hash, entry->d_name);
        *hash = add_text(*hash, proc_text(owner, "%s/%s", path, entry->d_name));
    }
    closedir(folder);
    return true;
}

bool state_hash_whole(pid_t pid, uint64_t *state) {
    void *owner = new_owner();
    struct signal_sets sets = tracee_signals(pid);
    bool known = state_hash(pid, state) && add_descriptors(owner, pid, state);
    if (known) {
        *state = add_bytes(*state, (const unsigned char *)&sets, sizeof sets);
        *state = add_text(*state, proc_text(owner, "/proc/%d/maps", (int)pid));
    }
    talloc_free(owner);
    return known;
}

bool state_hash(pid_t pid, uint64_t *state) {
    static struct cpu_vectors vectors;
    void *owner = new_owner();
    const struct layout *layout = layout_read(owner, pid);
    uint64_t hash = 0xcbf29ce484222325ULL;
    bool known = layout != NULL && strstr(layout->others, " rw-s ") == NULL &&
                 strstr(layout->others, " rwxs ") == NULL && cpu_read_vectors(pid, &vectors) &&
                 add_pages(owner, pid, layout, &hash);
    if (known)
        *state = add_bytes(hash, vectors.bytes, vectors.length);
    talloc_free(owner);
    return known;
}
