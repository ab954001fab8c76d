/* SPDX-License-Identifier: MIT */
/* What was measured, held against what the row says: after the call, in its process. */
#ifndef HAZARD_BENCH_CALLS_COMPARE_H
#define HAZARD_BENCH_CALLS_COMPARE_H

void compare_first(void);
void compare_perturbed(const struct stepper *first);

#endif
