/* SPDX-License-Identifier: MIT */
/* What the runtime has in place of snprintf. */
#ifndef HAZARD_EXPLORE_RUNTIME_TEXT_H
#define HAZARD_EXPLORE_RUNTIME_TEXT_H

#include <stddef.h>

/* printf's %s %d %ld %u %lu %x %lx %p %c %% with width, into a buffer; always terminated.
 * Returns what it wrote. */
size_t text_format(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
size_t text_format_list(char *buffer, size_t size, const char *format, __builtin_va_list list);

#endif
