/* SPDX-License-Identifier: MIT */
/*
 * How a program is compiled for a detector.
 */
#ifndef HAZARD_FLAVOUR_H
#define HAZARD_FLAVOUR_H

struct flavour {
    const char *name;         /* names the folder below build/: "tsan", "plain" */
    const char *compiler;     /* "clang" */
    const char *package;      /* the Debian package that brings it */
    const char *const *flags; /* NULL-terminated */
    /* NULL, or an object below hazard's data folder ("explore/runtime.o") that is linked to the
     * program in place of a runtime of the compiler's own: then each source is compiled by itself
     * with `flags`, and the objects are linked with `link_flags`. */
    const char *runtime;
    const char *const *link_flags; /* NULL-terminated */
};

/* The plain build: what a user would run. Valgrind, probe and inject take it too. */
extern const struct flavour flavour_plain;

#endif
