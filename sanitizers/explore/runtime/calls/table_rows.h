/* SPDX-License-Identifier: MIT */
/*
 * The rows of the table of library calls, in files by subject (table_strings.c...): what the
 * functions of the C library touch. Names and specifications, nothing else. Pure: the runtime acts on
 * it, the tests check it.
 *
 * A specification is words:
 *
 *   (none)          harmless: touches nothing but its arguments' values, or the thread's own
 *   r0[2] w1s ...   memory of the caller that it reads or writes: see spec.h
 *   p1, P1          argument 1 is printf's format, its arguments follow, or are a va_list
 *   q1, Q1          likewise, of wide characters
 *   s1, S1          likewise scanf's
 *   F2, Fi, Fo, Fe  works on the FILE of argument 2, on stdin, stdout, stderr
 *   prints          ... which on stdout and stderr shows nothing that other printing changes
 *   unlocked        ... without its lock: two calls that nothing orders are a data race
 *   ?name, !name    reads, writes that hidden state
 *   @name           has a function of its own in the runtime: see CHECKS
 *   all             conflicts with everything
 *   touched         leaves something behind in the kernel that rewinding memory does not undo
 *   rewind          system calls write to memory that nobody names here: rewind all of it
 *   cancel          a cancellation point
 *   maycancel       ... if it comes to reading or writing: docs/cancellation.md
 *   follow          its accesses are not told here: each instruction of it is looked at
 *   refuse:reason   explore cannot take it; the reason goes to the end
 *   world           the runtime defines it itself; refused if the library's own is called after all
 *   newer           not in every C library of the last years
 *
 * What a row says of memory is used only if it was measured: docs/calls.md has it, as it stands here.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_TABLE_ROWS_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_TABLE_ROWS_H

#include <stddef.h>

struct table_entry {
    const char *name;
    const char *touches;
};

struct table_group {
    const struct table_entry *entries; /* sorted by name */
    size_t count;
};

extern const struct table_group table_strings, table_wide, table_stdlib, table_stdio, table_time,
    table_unix, table_system, table_math, table_modelled;

#endif
