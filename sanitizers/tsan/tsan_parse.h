/* SPDX-License-Identifier: MIT */
/*
 * ThreadSanitizer's report file, when it was asked to print frames in our format. Understands the
 * runtimes that call themselves v2 (gcc 12 and before) and v3 (clang 14 and later).
 */
#ifndef HAZARD_TSAN_TSAN_PARSE_H
#define HAZARD_TSAN_TSAN_PARSE_H

#include "base/fail.h"
#include "report/finding.h"

/* For TSAN_OPTIONS stack_trace_format: number, line, column, function, file. The file may contain
 * anything: last. */
#define TSAN_FRAME_FORMAT "@F|%n|%l|%c|%f|%s"

/*
 * Appends what one report file says. `text` is the whole file; a file that was cut off (the process
 * was killed) gives what is there. Where the runtime is of another version, reports a kind that we
 * do not know, or has died of something that it is known to, *gap (NULL before) becomes the first
 * of these, in words; the rest is read. -1 and *error if the runtime died of its own accord: a
 * report that cannot be read is never taken for silence.
 */
int tsan_parse(void *owner, const char *text, struct findings *findings, const char **gap,
               struct error *error);

#endif
