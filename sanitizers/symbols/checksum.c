/* SPDX-License-Identifier: MIT */
/*
 * Which program is this?
 *
 * Two builds of the same sources in two folders differ in their debug information, and therefore
 * in their build id, but do the same. So the checksum covers what is loaded and run, the PT_LOAD
 * segments, without the notes that lie in them. It is no secret and no signature: FNV-1a (Fowler,
 * Noll, Vo; RFC 9923) is enough to notice an edit.
 */
#include "symbols/checksum.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FNV_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

struct checksum_file {
    const unsigned char *bytes;
    size_t size;
    const Elf64_Phdr *headers;
    size_t header_count;
};

static bool inside(const struct checksum_file *file, uint64_t offset, uint64_t size) {
    return offset <= file->size && size <= file->size - offset;
}

/* False if it is no 64-bit ELF file with sound program headers. */
static bool parse(struct checksum_file *file) {
    Elf64_Ehdr elf;
    if (file->size < sizeof elf)
        return false;
    memcpy(&elf, file->bytes, sizeof elf);
    file->header_count = elf.e_phnum;
    if (memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_ident[EI_CLASS] != ELFCLASS64 ||
        elf.e_phentsize != sizeof(Elf64_Phdr) || elf.e_phoff % _Alignof(Elf64_Phdr) != 0 ||
        !inside(file, elf.e_phoff, file->header_count * sizeof(Elf64_Phdr)))
        return false;
    file->headers = (const void *)(file->bytes + elf.e_phoff);
    for (size_t i = 0; i < file->header_count; i++)
        if (!inside(file, file->headers[i].p_offset, file->headers[i].p_filesz))
            return false;
    return true;
}

/* The first byte from `offset` on that lies in a note, and the end of that note; `end` and `end` if
 * there is none before it. */
static uint64_t next_note(const struct checksum_file *file, uint64_t offset, uint64_t end,
                          uint64_t *note_end) {
    uint64_t first = *note_end = end;
    for (size_t i = 0; i < file->header_count; i++) {
        const Elf64_Phdr *header = &file->headers[i];
        uint64_t start = header->p_offset < offset ? offset : header->p_offset;
        if (header->p_type != PT_NOTE || start >= first ||
            start - header->p_offset >= header->p_filesz)
            continue;
        first = start;
        *note_end = header->p_offset + header->p_filesz;
    }
    return first;
}

/* The file header says where the section table lies, and that depends on the debug information. */
static uint64_t past_file_header(const struct checksum_file *file, uint64_t offset) {
    return offset < sizeof(Elf64_Ehdr) && file->size > sizeof(Elf64_Ehdr) ? sizeof(Elf64_Ehdr)
                                                                          : offset;
}

static uint64_t hash_segment(const struct checksum_file *file, const Elf64_Phdr *segment,
                             uint64_t hash) {
    uint64_t end = segment->p_offset + segment->p_filesz;
    for (uint64_t at = past_file_header(file, segment->p_offset), note_end; at < end;
         at = note_end) {
        uint64_t note = next_note(file, at, end, &note_end);
        for (; at < note; at++)
            hash = (hash ^ file->bytes[at]) * FNV_PRIME;
    }
    return hash;
}

static int checksum_of(struct checksum_file *file, uint64_t *checksum) {
    if (!parse(file))
        return -1;
    *checksum = FNV_BASIS;
    for (size_t i = 0; i < file->header_count; i++)
        if (file->headers[i].p_type == PT_LOAD)
            *checksum = hash_segment(file, &file->headers[i], *checksum);
    return 0;
}

int checksum_program(const char *binary, uint64_t *checksum, struct error *error) {
    int fd = open(binary, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) {
        fail(error, "cannot read %s: %s", binary, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    struct checksum_file file = {.size = (size_t)info.st_size};
    void *map = file.size > 0 ? mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    close(fd);
    if (map == MAP_FAILED)
        return fail(error, "cannot read %s: it is no program", binary);
    file.bytes = map;
    int result = checksum_of(&file, checksum);
    munmap(map, file.size);
    return result == 0 ? 0 : fail(error, "%s is no 64-bit ELF program", binary);
}

int checksum_content(const char *path, uint64_t *checksum, struct error *error) {
    unsigned char bytes[65536];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : 1;
    *checksum = FNV_BASIS;
    while (length > 0) {
        length = read(fd, bytes, sizeof bytes);
        for (ssize_t i = 0; i < length; i++)
            *checksum = (*checksum ^ bytes[i]) * FNV_PRIME;
    }
    int code = errno;
    if (fd >= 0)
        close(fd);
    return length == 0 ? 0 : fail(error, "cannot read %s: %s", path, strerror(code));
}
