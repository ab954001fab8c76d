/* SPDX-License-Identifier: MIT */
/* Files and descriptors: what can neither be read again nor rewound is refused. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_DESCRIPTOR_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_DESCRIPTOR_H

#include <stdbool.h>

#include "explore/runtime/calls/visit.h"

void descriptor_check_input(struct visit *visit); /* standard input */
void descriptor_check_file(struct visit *visit, int folder, const char *path,
                           bool writes); /* to be opened */
void descriptor_check(struct visit *visit, int descriptor);
bool descriptor_is_null(int descriptor); /* /dev/null: takes everything and keeps nothing */
void descriptor_use(struct visit *visit, int descriptor, bool moves); /* `moves`: its offset */

#endif
