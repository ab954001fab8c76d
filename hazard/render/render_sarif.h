/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_RENDER_SARIF_H
#define HAZARD_RENDER_RENDER_SARIF_H

#include "base/fail.h"
#include "hazard/result.h"

/* SARIF 2.1.0. Written beside `path` first and then renamed. -1 and *error. */
int render_sarif_file(const char *path, const struct suite_report *report, struct error *error);

#endif
