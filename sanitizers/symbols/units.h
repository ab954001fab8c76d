/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_SYMBOLS_UNITS_H
#define HAZARD_SYMBOLS_UNITS_H

#include "report/frame.h"

/*
 * The C files that a binary was built from, as its debug information names them and as far as they
 * are there. None without debug information. Below `owner`.
 */
struct sources units_sources(void *owner, const char *binary);

#endif
