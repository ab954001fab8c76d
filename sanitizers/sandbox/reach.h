/* SPDX-License-Identifier: MIT */
/* Which paths a command reaches, and what it may do there: one list for mounts and for Landlock. */
#ifndef HAZARD_SANDBOX_REACH_H
#define HAZARD_SANDBOX_REACH_H

#include "sandbox/sandbox.h"

enum reach_kind {
    REACH_READ,   /* read, and execute */
    REACH_DEVICE, /* read and write, never made or removed */
    REACH_PROC,   /* read; mounted anew where there is a mount namespace */
    REACH_OWN     /* everything but links, devices, FIFOs and sockets */
};

struct reach {
    const char *path;
    enum reach_kind kind;
    bool
        asked; /* the caller named it: it has to be there. Of the system's, what is missing is left out */
};

struct reaches {
    struct reach *items;
    size_t count;
};

/* Below `owner`; the paths are the spec's or static. */
struct reaches reach_list(void *owner, const struct sandbox *sandbox,
                          const struct sandbox_spec *spec);

/* Of a program behind a fence: the system, what was built in `builds`, and folders of its own, up to a NULL. */
struct reaches reach_programs(void *owner, const char *builds, const char *const *own);

#endif
