/* SPDX-License-Identifier: MIT */
/*
 * inject: a signal at every instruction of a real, unmodified program.
 *
 * The program is walked one instruction at a time. Before each one (and inside each system call
 * that sleeps) a copy of it is made, the signal comes there, and the copy runs on to its end. What
 * the copy does then is compared with the undisturbed run: so the verdict is about instructions,
 * all of them, and not about luck.
 */
#ifndef HAZARD_INJECT_H
#define HAZARD_INJECT_H

#include <stdint.h>

#include "base/fail.h"
#include "report/finding.h"
#include "report/verdict.h"
#include "run/run.h"
#include "subject.h"
#include "symbols/spots.h"

/* --- options.c: what is asked --------------------------------------------------------------- */

struct inject_options {
    int signal;         /* its number */
    bool child_exit;    /* it is SIGCHLD, and comes because a child that main forked ends there */
    const char *from;   /* functions; NULL: main... */
    const char *until;  /* ... to its return. Else: until `until` has returned for the last time */
    int jobs;           /* copies at once, each in a walk of its own */
    int64_t at;         /* only this point; -1: all */
    int64_t second;     /* with `at`: the point of the second signal, counted from the handler's
                          first instruction; -1: none */
    int64_t twice;      /* so many points of a second signal inside the first one's handler are
                          tried for each place of the first; 0: one signal only */
    int64_t allow_exit; /* with this exit status too a copy has ended well; -1: none */
    bool any_output;    /* what it prints does not matter */
    int64_t points;     /* a budget; 0: none */
    double seconds;     /* likewise */
    int64_t instructions; /* a copy that takes more, or an equal time, ran away */
    size_t output_bytes, memory_bytes;
};
extern const struct inject_options inject_default_options;

/* Sets one by its word on the command line and in the catalogue, without dashes: "signal",
 * "SIGCHLD" (or "CHLD", or "17"). *value must live as long as the options. */
int inject_option_set(struct inject_options *options, const char *name, const char *value,
                      struct error *error);
const char *signal_name(int number); /* "SIGCHLD"; "signal 70" */

/* Do they fit together? Fills in what follows from others (--child-exit brings SIGCHLD). -1 and
 * *error: "which signal? ..." */
int inject_options_check(struct inject_options *options, struct error *error);

/* --- engine: the raw result ------------------------------------------------------------------ */

enum ending_kind {
    ENDING_WELL,     /* same output, same exit */
    ENDING_DEADLOCK, /* waits for what nobody can give */
    ENDING_CRASH,    /* killed by a signal; aborted by libc: its words are in `text` */
    ENDING_WRONG,    /* another exit code, or other output */
    ENDING_RAN_AWAY, /* took more than its budget of instructions */
    ENDING_UNJUDGED, /* the copy could not be made or judged: why is in `text` */
    ENDING_KINDS
};

/* How a copy ended; copies that ended alike share one. */
struct ending {
    enum ending_kind kind;
    const char *text; /* "waits for a lock (futex at 0x...)", "malloc(): invalid size (unsorted)",
                         "exit 1", "printed 'x' where the undisturbed run printed 'y'". No
                         addresses, no process ids: the same on every run */
    bool late; /* ENDING_WRONG, but the signal is to blame wherever it comes: in the undisturbed
                         run it comes by itself, and that run is wrong, too */
};

enum point_flags {
    POINT_BLOCKED = 1,  /* the signal is blocked here: it comes at the unblocking. Only the first
                          point of such a stretch was tried, and stands for all of it */
    POINT_INSIDE = 2,   /* inside a system call that sleeps, not before an instruction */
    POINT_LEFT_OUT = 4, /* not tried: the budget ended, or another point was asked for */
    POINT_TRIED = 8     /* a copy was made for this very point */
};

/* Where the signal came. `at` of the command line is the index of this in the array. */
struct point {
    uint64_t pc;
    uint32_t ending; /* of endings */
    uint16_t flags;
    uint16_t
        child; /* with child_exit: which of those that are held ends; 0: the youngest. The points
                       of one instruction follow each other, from 0 up */
};

/* A second signal that did harm. */
struct signal_pair {
    int64_t point;       /* where the first came */
    int64_t instruction; /* of its handler, from 0: where the second came */
    uint32_t ending;     /* of endings */
};

struct injection {
    struct point *points;
    size_t point_count;
    struct signal_pair *pairs; /* by point and instruction */
    size_t pair_count;
    int64_t pairs_tried;    /* those that did no harm counted, too */
    struct ending *endings; /* [0] is ENDING_WELL */
    size_t ending_count;
    struct run_outcome undisturbed; /* of the run without a signal; output and errors as compared */
    struct symbols_map *maps;       /* what is mapped executable, to name a pc */
    size_t map_count;
    const char *unsupported; /* NULL, or what it is: "starts a thread (...)" */
    const char *note;        /* "no handler for SIGUSR1 was installed" and the like; may be "" */
    bool interrupted, cut;   /* by the user; by a budget */
    double seconds;
};

typedef void (*inject_progress)(int64_t done, int64_t bad, double seconds, void *data);

/* Walks and tries. -1 and *error: hazard itself failed (ptrace forbidden: says how to allow it). */
int inject_walk(void *owner, const struct subject *subject, const struct inject_options *options,
                inject_progress progress, void *data, struct injection *injection,
                struct error *error);

/*
 * One point once more, slowly: with stacks. `stuck` is where the copy stands when it is stuck or
 * dies (innermost first, the handler's frames, then the frames that it interrupted), `interrupted`
 * where the signal came. Both have no frames if they cannot be unwound.
 */
struct reproduction {
    struct ending ending;
    struct location interrupted, stuck;
    uint64_t
        interrupted_pc; /* where a second signal came, or (of a late ending) the signal by itself;
                                0: neither */
    bool interrupted_sleep; /* there: in a call that sleeps */
    size_t handler_frames;  /* so many of `stuck` lie above the interrupted frame */
};
int inject_reproduce(void *owner, const struct subject *subject,
                     const struct inject_options *options, int64_t at,
                     struct reproduction *reproduction, struct error *error);

/* Like it, but stops the copy where the signal is about to be delivered, detaches with SIGSTOP
 * pending and leaves it to the caller, to be attached by gdb: its process, or -1 and *error. */
pid_t inject_stop_at(void *owner, const struct subject *subject,
                     const struct inject_options *options, int64_t at, struct error *error);

/* --- inject.c: the whole thing --------------------------------------------------------------- */

/* A run of neighbouring points with one and the same ending. */
struct stretch {
    int64_t first, count; /* points */
    struct spot spot;     /* of the first */
};

/* One call from the program into a library. */
struct library_call {
    const char *function;        /* "printf"; "" if it has no name */
    uint64_t caller;             /* in the calling instruction; 0: unknown */
    int64_t first, instructions; /* points */
};

/* How many instructions of one call belong to a finding. */
struct share {
    struct library_call call;
    int64_t points;
};

/* Beside report.findings.items[i]: what the report model has no place for. */
struct injected_finding {
    int64_t at;     /* the first point: `hazard inject --at K` */
    int64_t second; /* `--at K+N`: it takes a second signal; -1: it does not */
    int64_t points;
    struct stretch *stretches;
    size_t stretch_count;
    struct share *shares;
    size_t share_count;
    bool everywhere;   /* no point did otherwise */
    const char *share; /* "4 of 1,271 instructions of this printf"; may be "" */
};

struct inject_report {
    enum verdict verdict; /* FOUND, PROVED, BOUNDED or UNSUPPORTED */
    const char *detail;   /* one line */
    struct injection injection;
    int64_t tried, blocked, counts[ENDING_KINDS];
    struct findings findings;
    struct injected_finding *injected; /* findings.count of them */
    struct spot asked;                 /* with options->at: where that point lies */
    struct sources sources;
};

int inject_run(void *owner, const struct subject *subject, const struct inject_options *options,
               inject_progress progress, void *data, struct inject_report *report,
               struct error *error);

#endif
