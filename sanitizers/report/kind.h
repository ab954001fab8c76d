/* SPDX-License-Identifier: MIT */
/* What went wrong, in the words of the field. */
#ifndef HAZARD_REPORT_KIND_H
#define HAZARD_REPORT_KIND_H

enum kind {
    KIND_DATA_RACE,
    KIND_ATOMICITY,
    KIND_ORDER_VIOLATION,
    KIND_DEADLOCK,
    KIND_LOCK_ORDER,
    KIND_LIVELOCK,
    KIND_STARVATION,
    KIND_SIGNAL_UNSAFE_CALL,
    KIND_SIGNAL_RACE,
    KIND_LOST_WAKEUP,
    KIND_THREAD_LEAK,
    KIND_MEMORY_LEAK,
    KIND_USE_AFTER_FREE,
    KIND_USE_AFTER_RETURN,
    KIND_HEAP_OVERFLOW,
    KIND_API_MISUSE,
    KIND_BLOCKED_CLIENT,
    KIND_ZOMBIE,
    KIND_DESCRIPTOR_LEAK,
    KIND_CRASH,
    KIND_ASSERTION,
    KIND_EXIT,
    KIND_REACHED,
    KIND_COUNT
};

/* As the catalogue spells it: "data-race". */
const char *kind_name(enum kind kind);

/* One sentence, for rules in SARIF and for `hazard list --kinds`. */
const char *kind_title(enum kind kind);

/* What mends it, in a sentence or two: for rules in SARIF. */
const char *kind_remedy(enum kind kind);

/* The kind of that name; -1 if there is none. */
int kind_from_name(const char *name);

#endif
