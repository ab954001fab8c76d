/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_CHROME_H
#define HAZARD_RENDER_CHROME_H

#include <jansson.h>

#include "hazard/render/steps.h"

/* The Trace Event format, an object. New reference. */
json_t *chrome_trace(const struct interleaving *what);

#endif
