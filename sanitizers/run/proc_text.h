/* SPDX-License-Identifier: MIT */
/* Files below /proc, as text. Their size is not known before they are read. */
#ifndef HAZARD_RUN_PROC_TEXT_H
#define HAZARD_RUN_PROC_TEXT_H

/* The whole file of that name, NUL-terminated, below `owner`; "" if it cannot be read. */
char *proc_text(void *owner, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What follows `key` ("Rss:") where a line begins with it; "" if none does. */
const char *proc_field(const char *text, const char *key);

#endif
