/* SPDX-License-Identifier: MIT */
/* The calls that each thread is in. */
#ifndef HAZARD_EXPLORE_FRAMES_H
#define HAZARD_EXPLORE_FRAMES_H

void frames_begin(int actor); /* it is in none */

#endif
