/* SPDX-License-Identifier: MIT */
/* The program under test as a whole: its main function, and its end. */
#ifndef HAZARD_EXPLORE_RUNTIME_PROGRAM_H
#define HAZARD_EXPLORE_RUNTIME_PROGRAM_H

#include <stdbool.h>

extern int (*program_main)(int, char **, char **);
extern int program_argc;
extern char **program_argv, **program_envp;

extern bool program_constructs; /* its constructors were taken */

/* Its constructors are run by program_construct from now on, not by libc before. Before libc's __libc_start_main. */
void program_take_constructors(void);
void program_construct(void); /* if they were taken */

/* The program ends: handlers of exit, then our last one. */
_Noreturn void program_exit(int status);

/* Before anything else is registered with libc's exit: so that we are called last. */
void program_watch_end(void);

#endif
