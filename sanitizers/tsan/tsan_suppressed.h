/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_TSAN_TSAN_SUPPRESSED_H
#define HAZARD_TSAN_TSAN_SUPPRESSED_H

/* Which of the user's suppressions were of use, by one report file: "race:f, deadlock:g", added to `words` ("" at first),
 * each once; below `owner`. */
const char *tsan_suppressed(void *owner, const char *words, const char *text);

#endif
