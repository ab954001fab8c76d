/* SPDX-License-Identifier: MIT */
/* One result as JSON with nothing left out, and back: how workers report. */
#ifndef HAZARD_SUITE_RESULT_PACK_H
#define HAZARD_SUITE_RESULT_PACK_H

#include <jansson.h>

#include "report/result.h"

/* New reference. */
json_t *result_pack(const struct result *result);

/* Below `owner`; NULL if it is malformed. */
struct result *result_unpack(void *owner, json_t *packed);

#endif
