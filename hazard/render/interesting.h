/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_INTERESTING_H
#define HAZARD_RENDER_INTERESTING_H

#include <stdbool.h>

#include "hazard/render/steps.h"

/* By step: is it shown? All of them are if what->full. Below `owner`. */
bool *interesting_steps(void *owner, const struct interleaving *what);

#endif
