/* SPDX-License-Identifier: MIT */
/* Valgrind's two detectors of races. */
#ifndef HAZARD_VALGRIND_VALGRIND_H
#define HAZARD_VALGRIND_VALGRIND_H

#include "detector.h"

extern const struct detector valgrind_helgrind, valgrind_drd;

#endif
