/* SPDX-License-Identifier: MIT */
#include "hazard/kept/kept_entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/whole.h"
#include "hazard/kept/kept_hash.h"

/* The file begins with it; the text follows, with its NUL, and the program. */
struct kept_header {
    char magic[16];
    struct kept_hash hash; /* of the hashes of the two that follow */
    uint64_t inputs_size, program_size;
};

static const char magic[16] = "hazard built 1\n";

static struct kept_hash hash_entry(const struct kept_entry *entry) {
    struct kept_hash parts[2] = {kept_hash_of(entry->inputs, strlen(entry->inputs)),
                                 kept_hash_of(entry->program, entry->program_size)};
    return kept_hash_of(parts, sizeof parts);
}

/* ---- Reading ------------------------------------------------------------------------- */

/* Are `size` bytes an entry? */
static bool parse(const char *bytes, size_t size, struct kept_entry *entry) {
    struct kept_header header;
    if (size < sizeof header)
        return false;
    memcpy(&header, bytes, sizeof header);
    size_t rest = size - sizeof header;
    if (memcmp(header.magic, magic, sizeof magic) != 0 || header.inputs_size == 0 ||
        header.inputs_size > rest || header.program_size != rest - header.inputs_size)
        return false;
    entry->inputs = bytes + sizeof header;
    entry->program = entry->inputs + header.inputs_size;
    entry->program_size = header.program_size;
    if (memchr(entry->inputs, '\0', header.inputs_size) != entry->program - 1)
        return false;
    struct kept_hash hash = hash_entry(entry);
    return memcmp(&hash, &header.hash, sizeof hash) == 0;
}

bool kept_entry_read(void *owner, const char *path, struct kept_entry *entry) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    if (fd < 0)
        return false;
    bool whole = false;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        char *bytes = never_null(talloc_size(owner, (size_t)info.st_size + 1));
        whole = whole_read(fd, bytes, (size_t)info.st_size) &&
                parse(bytes, (size_t)info.st_size, entry);
    }
    close(fd);
    if (!whole)
        (void)unlink(path);
    return whole;
}

/* ---- Writing ------------------------------------------------------------------------- */

/* A file that is larger than we may write would end us by a signal. */
static bool may_write(uint64_t size) {
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && size <= limit.rlim_cur;
}

/* No fsync: a file that a crash leaves short is damaged, and found to be. */
bool kept_entry_write(const char *path, const struct kept_entry *entry) {
    struct kept_header header = {.inputs_size = strlen(entry->inputs) + 1,
                                 .program_size = entry->program_size};
    if (!may_write(sizeof header + header.inputs_size + header.program_size))
        return false;
    memcpy(header.magic, magic, sizeof magic);
    header.hash = hash_entry(entry);
    char *beside = never_null(talloc_asprintf(NULL, "%s.XXXXXX", path));
    int fd = mkostemp(beside, O_CLOEXEC);
    bool written = fd >= 0 && whole_write(fd, &header, sizeof header) &&
                   whole_write(fd, entry->inputs, header.inputs_size) &&
                   whole_write(fd, entry->program, entry->program_size);
    if (fd >= 0)
        written = close(fd) == 0 && written && rename(beside, path) == 0;
    if (fd >= 0 && !written)
        (void)unlink(beside);
    talloc_free(beside);
    return written;
}

bool kept_entry_unpack(const struct kept_entry *entry, const char *path) {
    (void)unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
    bool written = fd >= 0 && whole_write(fd, entry->program, entry->program_size);
    if (fd >= 0)
        written = close(fd) == 0 && written;
    if (fd >= 0 && !written)
        (void)unlink(path);
    return written;
}
