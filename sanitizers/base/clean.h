/* SPDX-License-Identifier: MIT */
/* What tools and programs print is not to be trusted. */
#ifndef HAZARD_BASE_CLEAN_H
#define HAZARD_BASE_CLEAN_H

/* Valid UTF-8: each wrong byte becomes U+FFFD, everything else stays. */
const char *clean_utf8(void *owner, const char *text);

/* The same, and control characters other than line ends and tabs become U+FFFD. */
const char *clean_text(void *owner, const char *text);

/* The same as one line: line ends and tabs become a space, other control characters U+FFFD. No
 * blanks at its end. */
const char *clean_line(void *owner, const char *text);

#endif
