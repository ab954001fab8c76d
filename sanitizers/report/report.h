/* SPDX-License-Identifier: MIT */
/*
 * The report model: what any detector says of one run of a program, in one form.
 *
 * Detectors fill it, the judge compares it with the catalogue, the renderers print it. All of it is
 * allocated with talloc below the `owner` that is handed in: freeing the owner frees everything,
 * and no function here frees anything by itself. Strings are never NULL unless their comment says
 * so.
 */
#ifndef HAZARD_REPORT_H
#define HAZARD_REPORT_H

#include <stdbool.h>
#include <stddef.h>

/* What went wrong, in the field's words. `kind_name` gives the catalogue's spelling ("data-race").
 */
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
    KIND_HEAP_OVERFLOW,
    KIND_API_MISUSE,
    KIND_BLOCKED_CLIENT,
    KIND_ZOMBIE,
    KIND_DESCRIPTOR_LEAK,
    KIND_CRASH,
    KIND_ASSERTION,
    KIND_EXIT,
    KIND_COUNT
};

/* How a detector's runs of one program ended, all told. The order is that of DESIGN: see
 * ARCHITECTURE.md. */
enum verdict {
    VERDICT_FOUND,       /* the planted hazard: right kind, at a marked line */
    VERDICT_OTHER,       /* something else was reported */
    VERDICT_SILENT,      /* the program ran to its end and nothing was reported */
    VERDICT_HUNG,        /* it never ended, and nothing was reported */
    VERDICT_CHANGED,     /* it spins for ever under the tool, and ends without */
    VERDICT_PROVED,      /* every schedule or instruction was tried, none fails */
    VERDICT_BOUNDED,     /* the budget ended first, none failed so far */
    VERDICT_UNSUPPORTED, /* the program uses something that the detector cannot take */
    VERDICT_COUNT
};

const char *kind_name(enum kind kind);
const char *
kind_title(enum kind kind); /* one sentence, for rules in SARIF and for `hazard list --kinds` */
const char *verdict_name(enum verdict verdict);

/* The kind or verdict of that name; -1 if there is none. */
int kind_from_name(const char *name);
int verdict_from_name(const char *name);

struct frame {
    const char *function; /* "?" if the tool does not know */
    const char *file; /* absolute where the tool knows the folder; NULL without debug information */
    int line;         /* 1-based; 0: unknown */
    int column;       /* 1-based; 0: unknown */
};

/* One actor's part in a finding, or (`context`) a stack that explains it: where a lock or a thread
 * was made. */
struct location {
    const char *actor;    /* "main thread", "thread 2", "server process", "client 2" */
    const char *doing;    /* "write of 4 bytes", "acquires mutex M1", "blocked in read" */
    bool context;         /* it explains, it is not guilty: never compared with a marker */
    struct frame *frames; /* innermost first */
    size_t frame_count;
};

struct finding {
    enum kind kind;
    const char *message; /* one line, the tool's own words where it has some */
    struct location *locations;
    size_t location_count;
    /* The steps that led there, in the order in which they happened, where the detector decided that
     * order; else none. Those before `schedule_first` are left out. */
    struct location *schedule;
    size_t schedule_count, schedule_first;
};

struct findings {
    struct finding *items;
    size_t count;
};

/* What one detector says of one program after all its runs. */
struct result {
    const char *detector;
    enum verdict verdict;
    int runs;
    int hits;           /* how many of the runs came to that verdict */
    const char *detail; /* one line on how the runs ended: "exit 1", "stuck: 2 threads blocked"; may
                           be "" */
    bool program_failed; /* the program's own exit was not 0 in some run, whatever the detector said
                          */
    struct findings findings; /* of all runs, each distinct one once */
    long long count; /* executions behind the verdict of a detector that tries them all; else 0 */
};

/*
 * "Previous write of size 4 by thread 2" as "previous write of 4 bytes": what the tools say of an
 * access, up to its size. NULL if `words` speak of no access.
 */
const char *access_words(void *owner, const char *words);

/* Appends a copy of the struct (strings and arrays are shared, and must live as long as `owner`).
 */
void findings_add(void *owner, struct findings *all, struct finding one);
void finding_add_location(void *owner, struct finding *finding, struct location one);
void location_add_frame(void *owner, struct location *location, struct frame one);

/* The files that a program was built from: absolute, resolved paths. */
struct sources {
    const char *const *paths;
    size_t count;
};

/* Does the frame lie in this file (absolute)? Names are compared, not inodes; see report.c. */
bool frame_in_file(const struct frame *frame, const char *file);

/*
 * The innermost frame that lies in the program itself: in one of its sources, else in a file beside
 * one of them (its own headers). NULL if there is none: the location lies in a library.
 */
const struct frame *location_own_frame(const struct location *location,
                                       const struct sources *sources);

/*
 * Do the two say the same: same kind, and the same own lines for the same number of guilty
 * locations? Where neither points into the program, the messages tell them apart (numbers aside).
 */
bool finding_same(const struct finding *a, const struct finding *b, const struct sources *sources);

#endif
