/* SPDX-License-Identifier: MIT */
/* The student's files as they were written: directives, which no preprocessed text has any more. */
#ifndef HAZARD_GATE_SOURCES_H
#define HAZARD_GATE_SOURCES_H

#include "hazard/gate/lexer.h"
#include "hazard/gate/notes.h"

/* Lines between two directives of one condition: all of them are compiled, or none. */
struct source_branch {
    int from, to; /* both are directives, or the file's end */
};

struct read_source {
    const char *file; /* real path */
    struct source_branch *branches;
    size_t branch_count;
};

struct sources_read {
    struct read_source *items;
    size_t count;
};

/* Bytes of one file. */
#define SOURCES_LARGEST (1 << 20)

/* Looks through a file, once. -1 and *error: it cannot be read, or is too large. */
int sources_scan(struct notes *notes, struct sources_read *sources, const char *file,
                 struct error *error);

/* May a hand-in's file include what lies at `path`: in the hand-in, or in a folder that the teacher's words name? */
bool sources_may_read(const struct notes *notes, const char *path);

#endif
