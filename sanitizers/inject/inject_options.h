/* SPDX-License-Identifier: MIT */
/*
 * inject: a signal at every instruction of a real, unmodified program.
 *
 * The program is walked one instruction at a time. Before each one (and inside each system call
 * that sleeps) a copy of it is made, the signal comes there, and the copy runs on to its end. What
 * the copy does then is compared with the undisturbed run: so the verdict is about instructions,
 * all of them, and not about luck.
 *
 * Here is what is asked of it. walk/injection.h is what comes out of the walk,
 * report/inject.h what is made of it.
 */
#ifndef HAZARD_INJECT_INJECT_OPTIONS_H
#define HAZARD_INJECT_INJECT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "option.h"

struct inject_options {
    int signal;         /* its number */
    bool child_exit;    /* it is SIGCHLD, and comes because a child that main forked ends there */
    const char *from;   /* functions; NULL: main... */
    const char *until;  /* ... to its return. Else: until `until` has returned for the last time */
    int jobs;           /* copies at once, each in a walk of its own */
    int64_t at;         /* only this point; -1: all */
    int64_t second;     /* with `at`: the point of the second signal, counted from the handler's
                          first instruction; -1: none */
    int64_t twice;      /* how many points of a second signal inside the first one's handler are
                          tried for each place of the first; 0: one signal only */
    int64_t allow_exit; /* with this exit status too a copy has ended well; -1: none */
    bool any_output;    /* what it prints does not matter */
    int64_t points;     /* a budget; 0: none */
    double seconds;     /* likewise */
    int64_t instructions; /* a copy that takes more, or an equal time, ran away */
    size_t output_bytes, memory_bytes;
};

/* The defaults, of one process. */
extern const struct inject_options inject_default_options;

/* All that can be set by name. */
extern const struct detector_option inject_options_table[];

/* Do they fit together? Fills in what follows from others (--child-exit brings SIGCHLD). -1 and
 * *error: "which signal? ..." */
int inject_options_check(struct inject_options *options, struct error *error);

#endif
