/* SPDX-License-Identifier: MIT */
/* The places that hazard_reach names: the program lists their labels in a section of its own. */
#ifndef HAZARD_EXPLORE_RUNTIME_LABELS_H
#define HAZARD_EXPLORE_RUNTIME_LABELS_H

#include <stdbool.h>

void labels_find(void); /* once, before the workers are forked */

/* The program has come there. True: that is what is searched for. */
bool labels_reached(const char *label);

#endif
