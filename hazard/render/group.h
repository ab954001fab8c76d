/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_GROUP_H
#define HAZARD_RENDER_GROUP_H

#include "hazard/result.h"

/*
 * The programs of one hazard stand together in a suite_report: the index past the last one of the
 * group that begins at `first`.
 */
size_t group_end(const struct suite_report *report, size_t first);

#endif
