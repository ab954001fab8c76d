/* SPDX-License-Identifier: MIT */
/* The C library's own functions, of which the runtime or the world has taken the name. */
#ifndef HAZARD_EXPLORE_RUNTIME_REAL_H
#define HAZARD_EXPLORE_RUNTIME_REAL_H

/* Looks up what real_function() will be asked for. Once, before anything of the program runs. */
void real_functions_find(void);

/* The function of that name in the libraries behind us; looked up at start, NULL if there is none. */
void *real_function(const char *name);

#endif
