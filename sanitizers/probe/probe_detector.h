/* SPDX-License-Identifier: MIT */
/* probe, as one of the detectors. */
#ifndef HAZARD_PROBE_PROBE_DETECTOR_H
#define HAZARD_PROBE_PROBE_DETECTOR_H

#include "detector.h"

extern const struct detector probe_detector;

#endif
