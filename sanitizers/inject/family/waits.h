/* SPDX-License-Identifier: MIT */
/* Why nobody in a family can go on, in words. */
#ifndef HAZARD_INJECT_FAMILY_WAITS_H
#define HAZARD_INJECT_FAMILY_WAITS_H

#include "inject/family/family.h"

/* What the first process waits for: "waits for a lock that nobody will release (futex)". */
const char *waits_of_first(struct family *family);

#endif
