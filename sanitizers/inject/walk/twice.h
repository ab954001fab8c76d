/* SPDX-License-Identifier: MIT */
/*
 * A second signal inside the handler of the first.
 *
 * All pairs would be too many: each instruction of the program at which the first signal is
 * harmless is one place, however often the program comes there. In each place --twice=N tries N
 * instructions of the handler, evenly spread. Where the spread begins changes from place to place,
 * so that the places together come to all instructions of the handler.
 */
#ifndef HAZARD_INJECT_WALK_TWICE_H
#define HAZARD_INJECT_WALK_TWICE_H

#include "inject/walk/walk_state.h"

/* Both signals: the second before that instruction of the first one's handler, counted from 0.
 * False if the copy does not come there, or if there is none to come. */
bool twice_deliver(const struct walk *walk, struct family *copy, int64_t instruction);

/* Must be asked at each point of every worker's walk at which the signal is not blocked. False if
 * only one signal is wanted. */
bool twice_is_new_place(struct walk *walk, uint64_t pc);

/* Tries a second signal, where the walked process stands. */
void twice_try(struct walk *walk, size_t point);

#endif
