/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_INTERLEAVING_JSON_H
#define HAZARD_RENDER_INTERLEAVING_JSON_H

#include <jansson.h>

#include "hazard/render/steps.h"

/* [{"step", "actor", "words", "file", "line", "switch", "preemption", "critical"...}], and of an
 * access that races {"after", "actor", "words", "file", "line", "race"}. New reference. */
json_t *interleaving_json(const struct interleaving *what);

#endif
