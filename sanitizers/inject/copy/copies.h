/* SPDX-License-Identifier: MIT */
/* Copies of the walked process where it stands, by the way that costs least. */
#ifndef HAZARD_INJECT_COPY_COPIES_H
#define HAZARD_INJECT_COPY_COPIES_H

#include <stdbool.h>
#include <stdint.h>

#include "inject/copy/relatives.h"
#include "inject/family/family.h"

/* How the walked process can be copied where it stands. */
enum copyable {
    COPY_BY_RERUN,       /* not at all: from the template */
    COPY_WITH_RELATIVES, /* with pipes and children that are held (relatives.h); if that fails, by
                            rerun */
    COPY_ALONE           /* it has none, and nothing else that a copy could not have for itself */
};

/* The template runs to the hits-th meeting of pc; 0: it stays. */
struct rerun_waypoint {
    uint64_t pc, hits, step;
};

struct hits; /* how often each pc was met since the template was made */

struct copies {
    void *owner;
    struct family *walked;
    enum copyable copyable;
    uint64_t
        pending; /* signals of the walked process when it was last looked at: no copy has them */
    struct relatives *relatives;

    /* What a copy could be made from when the walked process itself cannot be copied. */
    struct family *template;
    bool from_start; /* the template has not come to `from` yet */
    uint64_t from;   /* the pc from which is counted */
    struct hits *hits;
    uint64_t steps; /* since the template was made, or since `from` */
    struct rerun_waypoint waypoint;
};

/* `walked` is at its very start: the first template is made. False if it cannot be copied. */
bool copies_start(struct copies *copies, void *owner, struct family *walked);

/* The walked process has come to `from`: what is counted is counted from here. */
void copies_begin(struct copies *copies, uint64_t from);

/* After each step of the walk. `repeated`: the pc is the one before. */
void copies_count_step(struct copies *copies, uint64_t pc, bool repeated);

/* The walked process may have other signals, children, descriptors or memory than before. */
void copies_look(struct copies *copies);

/* It may become one that cannot be copied: keeps what copies can be made from. */
void copies_keep_template(struct copies *copies);

/* A copy of the walked process where it stands now. NULL and *why if there can be none. */
struct family *copies_make(struct copies *copies, const char **why);

/* Ends the template. */
void copies_end(struct copies *copies);

/* One step of a first process, with the others as far as it needs them. */
void copies_step(struct family *family);

/* On to the n-th meeting of pc. False if it never came. */
bool copies_run_to(struct family *family, uint64_t pc, uint64_t hits);

#endif
