/* SPDX-License-Identifier: MIT */
#include "suppressions.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

/* The next line that says something, without blanks around it; NULL: there is none. *number counts all. */
static char *next_line(char **rest, int *number) {
    for (char *line; (line = strsep(rest, "\n")) != NULL;) {
        ++*number;
        line += strspn(line, " \t\r");
        size_t length = strlen(line);
        while (length > 0 && strchr(" \t\r", line[length - 1]) != NULL)
            line[--length] = '\0';
        if (*line != '\0' && *line != '#')
            return line;
    }
    return NULL;
}

/* "race:name". */
static bool is_tsan_line(const char *line) {
    static const char *const types[] = {
        "race:", "race_top:", "thread:", "mutex:", "signal:", "deadlock:", "called_from_lib:"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t length = strlen(types[i]);
        if (strncmp(line, types[i], length) == 0 && line[length] != '\0')
            return true;
    }
    return false;
}

/* After its opening brace: a name, "Tool:Kind", callers, a closing brace. */
static bool is_valgrind_block(char **rest, int *number) {
    const char *line = next_line(rest, number), *kind = next_line(rest, number);
    if (line == NULL || strcmp(line, "}") == 0 || kind == NULL || strchr(kind, ':') == NULL)
        return false;
    while ((line = next_line(rest, number)) != NULL)
        if (strcmp(line, "}") == 0)
            return true;
    return false;
}

static int check(const char *path, char *text, bool *valgrind, struct error *error) {
    int number = 0, seen = 0;
    for (char *rest = text, *line; (line = next_line(&rest, &number)) != NULL; seen++) {
        bool block = strcmp(line, "{") == 0;
        int first = number;
        if (seen == 0)
            *valgrind = block;
        if (block == *valgrind && (block ? is_valgrind_block(&rest, &number) : is_tsan_line(line)))
            continue;
        return fail(error,
                    "%s:%d is no suppression: ThreadSanitizer's are lines like race:NAME, "
                    "Valgrind's blocks of { name, Helgrind:Race, fun:NAME ... }",
                    path, first);
    }
    return seen > 0 ? 0 : fail(error, "%s: there is no suppression in it", path);
}

int suppressions_add(void *owner, const char *path, struct suppressions *all, struct error *error) {
    bool valgrind = false;
    char *text = file_read(owner, path, error), *resolved = realpath(path, NULL);
    if (text == NULL || resolved == NULL || check(path, text, &valgrind, error) != 0) {
        if (text != NULL && resolved == NULL)
            fail(error, "cannot read %s: %s", path, strerror(errno));
        free(resolved);
        return -1;
    }
    const char **slot = valgrind ? &all->valgrind : &all->tsan;
    const char *other = *slot;
    *slot = never_null(talloc_strdup(owner, resolved));
    free(resolved);
    if (other != NULL)
        return fail(error, "%s and %s are both of %s: put them into one file", other, path,
                    valgrind ? "Valgrind" : "ThreadSanitizer");
    if (strchr(*slot, '\'') != NULL)
        return fail(error, "%s: ThreadSanitizer reads no file with a ' in its path", path);
    return 0;
}
