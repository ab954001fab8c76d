/* SPDX-License-Identifier: MIT */
/*
 * Behind the magic word stand headers of 60 bytes (ar.h). That of the symbol table and that of the
 * table of names have their bytes behind them; the members', which follow, have none. The names are
 * paths from the archive's folder, each with "/\n" behind it.
 */
#include "symbols/thin_archive.h"

#include <ar.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

static const char magic[] = "!<thin>\n";

/* The table of names, NUL-terminated; NULL: there is none. */
static char *find_names(char *text, const char *end) {
    for (char *at = text + strlen(magic); end - at >= (long)sizeof(struct ar_hdr);) {
        const struct ar_hdr *header = (const void *)at;
        char *bytes = at + sizeof *header;
        size_t size = strtoul(header->ar_size, NULL, 10);
        if (header->ar_name[0] != '/' || size > (size_t)(end - bytes))
            return NULL;
        if (header->ar_name[1] == '/') {
            bytes[size] = '\0';
            return bytes;
        }
        at = bytes + size + size % 2;
    }
    return NULL;
}

const char *const *thin_archive_members(void *owner, const char *file) {
    struct error error;
    char *text = file_read(owner, file, &error);
    if (text == NULL || strncmp(text, magic, strlen(magic)) != 0) {
        talloc_free(text);
        return NULL;
    }
    char *names = find_names(text, text + talloc_get_size(text) - 1), *end;
    const char *slash = strrchr(file, '/'), **members = new_array(owner, const char *, 1);
    size_t count = 0;
    for (; names != NULL && (end = strstr(names, "/\n")) != NULL; names = end + 2) {
        int folder = *names == '/' || slash == NULL ? 0 : (int)(slash + 1 - file);
        members = grow_array(owner, members, const char *, count + 2);
        members[count++] =
            never_null(talloc_asprintf(owner, "%.*s%.*s", folder, file, (int)(end - names), names));
        members[count] = NULL;
    }
    return members;
}
