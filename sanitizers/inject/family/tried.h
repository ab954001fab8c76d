/* SPDX-License-Identifier: MIT */
/* The signal that inject tries, as a family sees it come, and who is told of that. */
#ifndef HAZARD_INJECT_FAMILY_TRIED_H
#define HAZARD_INJECT_FAMILY_TRIED_H

#include <stdbool.h>

struct family;

/* Is told of the first process's signals just before they are delivered; functions may be NULL. */
struct observer {
    void (*dies)(struct family *family, int number, void *data); /* one that ends it */
    void (*comes)(struct family *family, void *data);            /* the tried one, to a handler */
    void *data;
};

/* The signal that inject tries. */
struct tried_signal {
    int number;
    bool handled;   /* the first process is known to have a handler: saves a look each time */
    int deliveries; /* to a handler of the first process */
    int returns;    /* of the first process from handlers, of whatever signal */
};

#endif
