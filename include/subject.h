/* SPDX-License-Identifier: MIT */
/*
 * What every program of the suite needs and no lesson is about: checked calls, and a size from
 * argv. Included by relative path, so that `cc -pthread buggy/NAME.c` is all it takes.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For calls that return their error (pthread_*): ends the program with exit 2 unless it is 0. */
static inline void must(int error, const char *what) {
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", what, strerror(error));
        exit(2);
    }
}

/* For calls that return -1 and set errno (fork, read, sem_wait...): hands the result through. */
static inline int must_errno(int result, const char *what) {
    if (result == -1)
        must(errno, what);
    return result;
}

/* argv[index] as a number from min to max; `fallback` when it was not given. */
static inline int size_arg(int argc, char **argv, int index, int fallback, int min, int max) {
    if (index >= argc)
        return fallback;
    char *end;
    errno = 0;
    long value = strtol(argv[index], &end, 10);
    if (errno != 0 || end == argv[index] || *end != '\0' || value < min || value > max) {
        fprintf(stderr, "%s: argument %d must be a number from %d to %d, not '%s'\n", argv[0],
                index, min, max, argv[index]);
        exit(2);
    }
    return (int)value;
}

#endif
