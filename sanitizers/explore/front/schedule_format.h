/* SPDX-License-Identifier: MIT */
/* What the writer and the reader of schedules agree on. Private to schedule_*.c. */
#ifndef HAZARD_EXPLORE_FRONT_SCHEDULE_FORMAT_H
#define HAZARD_EXPLORE_FRONT_SCHEDULE_FORMAT_H

#define SCHEDULE_MAGIC "hazard schedule"
#define SCHEDULE_VERSION "1"
#define SCHEDULE_END "end"

#endif
