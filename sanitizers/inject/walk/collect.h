/* SPDX-License-Identifier: MIT */
/* From what the workers wrote on the board to one result. */
#ifndef HAZARD_INJECT_WALK_COLLECT_H
#define HAZARD_INJECT_WALK_COLLECT_H

#include "inject/walk/board.h"
#include "inject/walk/injection.h"

/* Fills all of *injection but `seconds`, below `owner`. `all`: not one point alone was asked
 * for. */
void collect_injection(void *owner, const struct board *board, size_t jobs, bool all,
                       struct injection *injection);

#endif
