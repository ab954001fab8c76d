/* SPDX-License-Identifier: MIT */
/*
 * The race detector's own state: vector clocks, and where the shadow of memory begins.
 *
 * A time is a count of the releases of one actor. It never starts again from zero: each execution
 * begins at a `base` beyond all earlier times, so that whatever an earlier execution left behind
 * is older than `base` and means nothing. Nothing has to be cleared.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CLOCKS_H
#define HAZARD_EXPLORE_RUNTIME_CLOCKS_H

#include "explore/runtime/fiber.h"
#include "explore/runtime/places.h"
#include "explore/search/search.h"

#define SHADOW_SIZE ((size_t)2 << 30)
enum { SHADOW_CHUNK = 1024, SHADOW_CHUNKS = SHADOW_SIZE / SHADOW_CHUNK };
enum { EPOCHS = 4096 }; /* of an actor: those of which there are accesses left */

enum { SHADOW_CACHE = 64, SHADOW_TOP = 4096, PARTS = 4 };

struct vector {
    uint32_t time[OP_ACTORS]; /* of each actor, what is known to have happened */
};

/* What an actor announced of accesses that are still to come: raced.c. */
struct parts {
    uintptr_t pc;
    int count;
    struct part {
        uintptr_t address;
        size_t size;
        bool write;
    } part[PARTS];
};

/* The accesses of an actor that the race detector remembers, by its time: past.h. */
struct past_books {
    int count;
    struct past_epoch {
        uint32_t clock;
        uint32_t count; /* of accesses */
        struct fingerprint sum;
    } epochs[EPOCHS]; /* by time */
};

struct clocks {
    uint32_t base;
    int used;                /* actors in this execution: ids are below it */
    struct hb_offer *offers; /* all of this execution */
    struct vector now[OP_ACTORS];
    struct vector seen[OP_ACTORS];    /* by relaxed loads: counts from the next acquire fence on */
    struct vector offered[OP_ACTORS]; /* at the last release fence: what relaxed stores pass on */

    struct {
        uintptr_t key; /* the page's number + 1; 0: none */
        struct page_shadow *page;
    } cache[SHADOW_CACHE];
    struct page_shadow ***top[SHADOW_TOP];
    size_t shadow, cells; /* bytes used of the shadow's memory */
    int64_t raced;        /* granules known to be raced on... */
    bool raced_known;     /* ... once they are read */

    bool kept;             /* there are checkpoints */
    bool watched;          /* ... and a search over states */
    uint32_t marked_count; /* parts of the shadow that were written to since the last checkpoint */
    uint32_t marked[SHADOW_CHUNKS];
    uint8_t is_marked[SHADOW_CHUNKS];
    struct past_books books[OP_ACTORS];

    uintptr_t noted[256]; /* pairs of places whose race was noted */
    struct parts parts[OP_ACTORS];

    uint32_t quiet[OP_ACTORS]; /* accesses and calls since it was last looked whether it steps */
    int64_t moves[OP_ACTORS];  /* lasting->moves by then */
};
#define clocks ((struct clocks *)CLOCKS_ADDRESS)

static inline uint32_t clock_of(int actor) {
    return clocks->now[actor].time[actor];
}

static inline bool clock_ordered(int actor, uint32_t time) {
    return time < clocks->base || time <= clocks->now[self->id].time[actor];
}

/* The calling thread's time, for who remembers an event, and whether that event of that actor
 * happens before what the calling thread does now. */
static inline uint32_t clock_time(void) {
    return exploring ? clock_of(self->id) : 0;
}

static inline bool clock_happened(int actor, uint32_t time) {
    return !exploring || clock_ordered(actor, time);
}

#endif
