/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_SHIVIZ_H
#define HAZARD_RENDER_SHIVIZ_H

#include "hazard/render/steps.h"

/* A log that ShiViz takes as a file. Below `owner`. */
char *shiviz_log(void *owner, const struct interleaving *what);

#endif
