/* SPDX-License-Identifier: MIT */
/*
 * Calls that set what a copy would not have, what all copies have in common, or what sends a signal
 * to a process by the kernel's number: refused by name.
 */
#ifndef HAZARD_INJECT_FAMILY_DESCRIPTOR_OPTIONS_H
#define HAZARD_INJECT_FAMILY_DESCRIPTOR_OPTIONS_H

#include "inject/family/asking.h"

extern const struct asking_taker descriptor_options_takers[];

#endif
