/* SPDX-License-Identifier: MIT */
#include "inject/process/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/proc_text.h"

static bool ends_with(const char *line, size_t length, const char *word) {
    size_t size = strlen(word);
    return length >= size && memcmp(line + length - size, word, size) == 0;
}

/* "START-END rw-p OFFSET DEVICE INODE    PATH" */
static bool add_line(struct layout *layout, const char *line, size_t length) {
    char *rest;
    struct address_range range = {.start = strtoull(line, &rest, 16)};
    if (*rest != '-')
        return false;
    range.end = strtoull(rest + 1, &rest, 16);
    range.zeros = memmem(rest, length - (size_t)(rest - line), " 00:00 0 ", 9) != NULL;
    bool writable = rest[0] == ' ' && rest[2] == 'w' && rest[4] == 'p';
    struct address_range *named = ends_with(line, length, "[heap]")    ? &layout->heap
                                  : ends_with(line, length, "[stack]") ? &layout->stack
                                                                       : NULL;
    if (named != NULL && (named->end != 0 || !writable))
        return false;
    if (named != NULL)
        *named = range;
    else
        layout->others = never_null(talloc_strndup_append(layout->others, line, length + 1));
    if (!writable)
        return true;
    layout->writable =
        grow_array(layout, layout->writable, struct address_range, layout->count + 1);
    layout->writable[layout->count++] = range;
    return true;
}

struct layout *layout_read(void *owner, pid_t pid) {
    struct layout *layout = never_null(talloc_zero(owner, struct layout));
    layout->others = never_null(talloc_strdup(layout, ""));
    char *maps = proc_text(layout, "/proc/%d/maps", (int)pid);
    bool good = maps[0] != '\0';
    for (const char *line = maps; good && *line != '\0';) {
        size_t length = strcspn(line, "\n");
        good = line[length] == '\n' && add_line(layout, line, length);
        line += length + 1;
    }
    talloc_free(maps);
    if (good)
        return layout;
    talloc_free(layout);
    return NULL;
}

bool layout_alike(const struct layout *one, const struct layout *other) {
    bool heaps = one->heap.end == 0 || other->heap.end == 0 || one->heap.start == other->heap.start;
    return heaps && one->stack.end == other->stack.end && strcmp(one->others, other->others) == 0;
}

static const struct address_range *range_of(const struct layout *layout, uint64_t address) {
    for (size_t i = 0; i < layout->count; i++)
        if (address >= layout->writable[i].start && address < layout->writable[i].end)
            return &layout->writable[i];
    return NULL;
}

bool layout_writable(const struct layout *layout, uint64_t address) {
    return range_of(layout, address) != NULL;
}

bool layout_from_zeros(const struct layout *layout, uint64_t address) {
    const struct address_range *range = range_of(layout, address);
    return range != NULL && range->zeros;
}
