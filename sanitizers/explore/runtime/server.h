/* SPDX-License-Identifier: MIT */
/* The server: the first process, which never runs the program. */
#ifndef HAZARD_EXPLORE_RUNTIME_SERVER_H
#define HAZARD_EXPLORE_RUNTIME_SERVER_H

#include <stdbool.h>

void server_run(void); /* returns in workers only */

#endif
