/* SPDX-License-Identifier: MIT */
/*
 * Whose code is a frame? File names come from debug information, as the compiler was told them:
 * absolute, with "." and ".." left in ("/x/buggy/../include/subject.h"), or relative when a tool
 * does not know the folder. So names are compared component by component after folding those away,
 * and never by asking the file system: a report may be read where the program no longer lies. A
 * relative name is taken for a source when a source's path ends in it.
 */
#include "report/frame.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct tidy {
    char path[PATH_MAX];
    size_t length;
};

static void drop_last(struct tidy *tidy) {
    while (tidy->length > 0 && tidy->path[--tidy->length] != '/')
        ;
    tidy->path[tidy->length] = '\0';
}

/* "/a/./b/../c" becomes "/a/c", and "x/c" becomes "/x/c": with a leading
 * slash, suffixes end at a border. */
static void tidy_path(struct tidy *tidy, const char *path) {
    tidy->length = 0;
    tidy->path[0] = '\0';
    while (*path != '\0') {
        size_t length = strcspn(path, "/");
        if (length == 2 && strncmp(path, "..", 2) == 0)
            drop_last(tidy);
        else if (length > 0 && !(length == 1 && *path == '.') &&
                 tidy->length + length + 2 < sizeof tidy->path)
            tidy->length += (size_t)sprintf(tidy->path + tidy->length, "/%.*s", (int)length, path);
        path += length;
        path += *path == '/';
    }
}

/* A preprocessed text stands for what it was made of: "seat.c.gcc.i" for "seat.c". */
static void find_original(struct tidy *tidy) {
    char *base = strrchr(tidy->path, '/'), *end = base != NULL ? strstr(base, ".c.") : NULL;
    if (end == NULL || strcmp(tidy->path + tidy->length - 2, ".i") != 0)
        return;
    end[2] = '\0';
    tidy->length = (size_t)(end + 2 - tidy->path);
}

bool frame_in_file(const struct frame *frame, const char *file) {
    if (frame->file == NULL)
        return false;
    struct tidy named, whole;
    tidy_path(&named, frame->file);
    tidy_path(&whole, file);
    find_original(&whole);
    if (frame->file[0] == '/')
        return strcmp(named.path, whole.path) == 0;
    return named.length > 0 && named.length <= whole.length &&
           strcmp(whole.path + whole.length - named.length, named.path) == 0;
}

bool frame_beside_file(const struct frame *frame, const char *file) {
    if (frame->file == NULL || frame->file[0] != '/')
        return false;
    struct tidy named, whole;
    tidy_path(&named, frame->file);
    tidy_path(&whole, file);
    drop_last(&named);
    drop_last(&whole);
    return strcmp(named.path, whole.path) == 0;
}
