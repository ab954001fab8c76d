/* SPDX-License-Identifier: MIT */
/* What is known of how a thread waits, where somebody asks how long. */
#ifndef HAZARD_EXPLORE_RUNTIME_WAIT_H
#define HAZARD_EXPLORE_RUNTIME_WAIT_H

#include <stdbool.h>
#include <stdint.h>

/* How it waits: patience.c. */
enum { PATIENCE_OWN = 16, PATIENCE_OBJECTS = 8 };
struct patience {
    uint64_t own[PATIENCE_OWN]; /* hashes of its own state since the anchor, or once round */
    uint64_t objects[PATIENCE_OBJECTS]; /* what it read meanwhile... */
    uint8_t bytes[PATIENCE_OBJECTS];    /* of each */
    uint64_t anchor, writes;
    int count; /* so many */
    int made, power, length, at;
    int wait_from; /* the event behind which it began to wait */
    bool any;      /* ... and more */
    bool spins;
    bool tried; /* it was passed, and has not looked since */
};

#endif
