/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_REPORT_ACCESS_H
#define HAZARD_REPORT_ACCESS_H

/*
 * "Previous write of size 4 by thread 2" as "previous write of 4 bytes": what the tools say of an
 * access, up to its size. NULL if `words` speak of no access.
 */
const char *access_words(void *owner, const char *words);

#endif
