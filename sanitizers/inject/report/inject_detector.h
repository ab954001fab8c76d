/* SPDX-License-Identifier: MIT */
/* inject, as one of the detectors. */
#ifndef HAZARD_INJECT_REPORT_INJECT_DETECTOR_H
#define HAZARD_INJECT_REPORT_INJECT_DETECTOR_H

#include "detector.h"

extern const struct detector inject_detector;

#endif
