/* SPDX-License-Identifier: MIT */
/*
 * False alarms: glibc guards what is its own (the time zone, the tables of name services) by locks that Valgrind does not
 * see. Valgrind leaves out what glibc itself accesses, but not what functions do that Valgrind has replaced, like strlen
 * and free, where glibc calls them.
 */
#ifndef HAZARD_VALGRIND_OWN_LOCKS_H
#define HAZARD_VALGRIND_OWN_LOCKS_H

/* What --suppressions= takes: each called OWN_LOCKS_NAME and what a program calls. */
#define OWN_LOCKS_NAME "hazard: "
const char *own_locks_text(void *owner);

#endif
