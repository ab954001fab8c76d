/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_RENDER_JUNIT_H
#define HAZARD_RENDER_RENDER_JUNIT_H

#include "base/fail.h"
#include "hazard/result.h"

/* JUnit XML. Written beside `path` first and then renamed. -1 and *error. */
int render_junit_file(const char *path, const struct suite_report *report, struct error *error);

#endif
