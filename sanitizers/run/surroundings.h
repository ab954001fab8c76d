/* SPDX-License-Identifier: MIT */
/*
 * What a program under test finds when it starts, beside its arguments: its standard input, its
 * folder, and what its environment has more.
 */
#ifndef HAZARD_RUN_SURROUNDINGS_H
#define HAZARD_RUN_SURROUNDINGS_H

/* Paths are absolute. All zero: nothing to be read, our folder, no more. */
struct surroundings {
    const char *input;              /* an ordinary file; NULL: /dev/null */
    const char *folder;             /* NULL: ours */
    const char *const *environment; /* "NAME=value", NULL-terminated; may be NULL */
};

/* In the new process, before it becomes the program: descriptor 0, and the folder. -1 and errno. */
int surroundings_enter(const struct surroundings *surroundings);

/* Adds to our environment. */
void surroundings_set(const char *const *environment);

/* How many letters of "NAME=value" are the name. */
int surroundings_name_length(const char *variable);

#endif
