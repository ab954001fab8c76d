/* SPDX-License-Identifier: MIT */
/* Signals by the names that people call them. */
#ifndef HAZARD_BASE_SIGNAL_NAME_H
#define HAZARD_BASE_SIGNAL_NAME_H

/* "SIGCHLD", "SIGRTMIN+2"; "signal 70" of one that has no name. Static memory. */
const char *signal_name(int number);

/* The reverse: "SIGCHLD", "CHLD", "17", "SIGRTMIN+2"; 0 if there is none of that name. */
int signal_name_number(const char *word);

#endif
