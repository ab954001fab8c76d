/* SPDX-License-Identifier: MIT */
/* ThreadSanitizer, of both compilers. */
#ifndef HAZARD_TSAN_TSAN_H
#define HAZARD_TSAN_TSAN_H

#include "detector.h"

extern const struct detector tsan_detector, tsan_gcc_detector;

#endif
