/* SPDX-License-Identifier: MIT */
/* The program under test as a whole: its main function, and its end. */
#ifndef HAZARD_EXPLORE_RUNTIME_PROGRAM_H
#define HAZARD_EXPLORE_RUNTIME_PROGRAM_H

extern int (*program_main)(int, char **, char **);
extern int program_argc;
extern char **program_argv, **program_envp;

/* The program ends: handlers of exit, then our last one. */
_Noreturn void program_exit(int status);

/* Before anything else is registered with libc's exit: so that we are called last. */
void program_watch_end(void);

#endif
