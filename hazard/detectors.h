/* SPDX-License-Identifier: MIT */
/*
 * The registry: all detectors that hazard has.
 */
#ifndef HAZARD_DETECTORS_H
#define HAZARD_DETECTORS_H

#include "detector.h"

/* In the order of the matrix's columns; NULL-terminated. */
extern const struct detector *const detectors[];

/* NULL if there is none of that name. */
const struct detector *detectors_find(const char *name);

#endif
