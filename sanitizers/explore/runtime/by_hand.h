/* SPDX-License-Identifier: MIT */
/* A program that was started by hand: nobody reads what it leaves in the shared memory. */
#ifndef HAZARD_EXPLORE_RUNTIME_BY_HAND_H
#define HAZARD_EXPLORE_RUNTIME_BY_HAND_H

/* Says on stderr what was found, and ends as the program did. A mere exit status is the program's own
 * affair. */
_Noreturn void by_hand_end(void);

#endif
