/* SPDX-License-Identifier: MIT */
/* With which versions of the C library and the tools the suite was compared. */
#ifndef HAZARD_RENDER_RENDER_VERSIONS_H
#define HAZARD_RENDER_RENDER_VERSIONS_H

#include <jansson.h>
#include <stdio.h>

#include "hazard/result.h"

/* "with glibc 2.41, gcc 14.2" as a line; nothing where nothing was compared. */
void render_versions(FILE *out, const struct suite_report *report);

/* {"glibc": "2.41", "gcc": "14.2"}. New reference. */
json_t *render_versions_json(const struct suite_report *report);

#endif
