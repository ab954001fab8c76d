/* SPDX-License-Identifier: MIT */
/*
 * Memory of the execution at hand, forgotten after it.
 *
 * What the world is made of has a name, and lies where its name says, in every execution and worker: so
 * the same world is the same memory, in whatever order its things came into use. It is part of
 * what states are told apart by, and holds nothing that only grows, or only explains: that is noted, or scratch.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_MEMORY_H
#define HAZARD_EXPLORE_RUNTIME_MEMORY_H

#include <stddef.h>
#include <stdint.h>

enum memory_use {
    MEMORY_OBJECT, /* name: its key */
    MEMORY_SYNC,   /* sync_make() */
    MEMORY_HOLD,   /* hold_add() */
    MEMORY_THREAD, /* the actor */
    MEMORY_KEYS,   /* of an actor: a block of them */
    MEMORY_BUFFER, /* the actor */
    MEMORY_BOUNDS, /* 0 */
    MEMORY_NAMES,  /* 0: world/named.c */

    MEMORY_NOTES,                /* from here on: never compared */
    MEMORY_FIBER = MEMORY_NOTES, /* the actor */
    MEMORY_DRAINER,              /* the actor whose buffer it is */
    MEMORY_ORIGINS,              /* likewise */
    MEMORY_OFFER,                /* the address of what synchronises */
    MEMORY_SIGNALS,              /* cond_note() */
    MEMORY_TAKERS,               /* semaphore_note() */
    MEMORY_SECTIONS,             /* the address of a mutex: mutex.c */
    MEMORY_SHARE,                /* hold_add() */
    MEMORY_PLACE                 /* place_noted() */
};

void memory_map(void); /* once, in the server */
void *memory_new(enum memory_use use, uint64_t name,
                 size_t size);                         /* zeroed when it is first asked for */
void *memory_peek(enum memory_use use, uint64_t name); /* NULL: nobody ever asked for it */
void *memory_scratch(size_t size);                     /* zeroed; nameless, never compared */

void memory_forget(void); /* the execution is over */

/* As far as this execution used it. */
struct memory_extent {
    char *start, *end;
};
void memory_extents(struct memory_extent *compared, struct memory_extent *noted,
                    struct memory_extent *scratch);
#define MEMORY_SIZE ((size_t)3 << 30) /* of all of it, from EXECUTION_ADDRESS on */

#endif
