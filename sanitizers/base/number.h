/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_BASE_NUMBER_H
#define HAZARD_BASE_NUMBER_H

#include <stdint.h>

/* "1,271". */
const char *number_with_commas(void *owner, int64_t number);

#endif
