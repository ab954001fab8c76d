/* SPDX-License-Identifier: MIT */
/* explore, as one of the detectors. */
#ifndef HAZARD_EXPLORE_FRONT_EXPLORE_DETECTOR_H
#define HAZARD_EXPLORE_FRONT_EXPLORE_DETECTOR_H

#include "detector.h"

extern const struct detector explore_detector;

#endif
