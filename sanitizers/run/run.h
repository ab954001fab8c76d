/* SPDX-License-Identifier: MIT */
/*
 * Runs one program under test: bounded in time, output and memory, in a session of its own, and
 * leaves nothing of it behind (isolate's rule: whoever starts it, ends it).
 *
 * The caller's process becomes a child subreaper (prctl(2)), so that even what the program
 * daemonises comes back to us and is ended. One run at a time per process; callers that want more
 * at once fork.
 */
#ifndef HAZARD_RUN_RUN_H
#define HAZARD_RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/fail.h"
#include "run/rest.h"
#include "run/surroundings.h"

struct run_limits {
    double seconds;      /* its own: processor time, and time that it sleeps (spent.h) */
    double wall_seconds; /* the backstop; 0: SPENT_BACKSTOP times as much */
    size_t output_bytes; /* stdout and stderr together */
    size_t memory_bytes; /* resident, all its processes together */
    size_t processes;    /* alive at once; 0: RUN_PROCESSES */
    size_t disk_bytes;   /* below run_spec's `disk`, and in files that have no name any more */
};

#define RUN_PROCESSES 512

extern const struct run_limits run_default_limits;

enum run_end {
    RUN_EXITED,        /* `status` is its exit code */
    RUN_SIGNALED,      /* `status` is the signal that killed it */
    RUN_STUCK,         /* every thread blocked, nothing can wake one: ended by us */
    RUN_TIME_LIMIT,    /* still running when the time was up: ended by us */
    RUN_OUTPUT_LIMIT,  /* printed too much: ended by us */
    RUN_MEMORY_LIMIT,  /* took too much: ended by us */
    RUN_PROCESS_LIMIT, /* forked too often: ended by us */
    RUN_DISK_LIMIT,    /* wrote too much to files: ended by us */
    RUN_INTERRUPTED    /* the user stopped hazard: ended by us */
};

struct run_outcome {
    enum run_end end;
    int status;
    bool burning;        /* it was using the processor, not waiting, when it was ended */
    char *output;        /* stdout, NUL-terminated */
    char *errors;        /* stderr, NUL-terminated */
    double seconds;      /* wall time */
    double spent;        /* its own time, as the limit counts it; wall time if that was the limit */
    size_t threads;      /* alive when it was ended by us */
    bool never_listened; /* run_server only: no client could talk to it */
    bool status_hidden;  /* the tool put its own exit code in place of the program's */
};

struct run_spec {
    const char *const *argv;        /* NULL-terminated; argv[0] is looked up in PATH */
    const char *const *environment; /* NULL-terminated "NAME=value" added to ours; may be NULL */
    struct surroundings surroundings;
    struct run_limits limits;
    bool fixed_addresses; /* no randomisation: TSan's shadow has no room for a wide address space */
    bool may_idle;        /* waiting is no sign of being stuck: a server */
    bool
        sleeps_freely; /* limits.seconds is on processor time: it sleeps while we are busy with it */
    bool asks_others;  /* who waits for a socket or a lock may get it from outside: a compiler */
    bool any_file_size;  /* no limit on what it writes to files: it is a program that we trust */
    int keep_fd;         /* a descriptor that the program inherits; 0: none */
    enum rest_tool tool; /* whose threads run in it besides its own */
    /* NULL, or called when it is stuck (RUN_STUCK), while it is still there: with `root`, the
     * program, and all its processes. */
    void (*look)(void *argument, pid_t root, const struct proc_tree *tree);
    void *look_argument;
    const char *writes;  /* a folder that is made for what its tool writes; NULL: none */
    const char *disk;    /* the folder that limits.disk_bytes is about; NULL: no such limit */
    double look_seconds; /* how often the limits are looked at; 0: ten times a second */
    uid_t look_as; /* whose processes they will be: /proc tells all to their user alone. 0: ours */
    bool clean_environment; /* `environment` is all that it has, not added to ours */
    bool has_keepers;       /* `enter` forks twice: the first two processes are not the program's */
    /* In the new process, when all else is done, before it becomes the program: locks itself in. It
     * may fork and return in the child only; then the parent ends as the child has ended. 0, or -1
     * and errno: then it is not run. NULL: nothing to do. */
    int (*enter)(void *enter_argument);
    void *enter_argument;
};

struct run; /* a run under way */

/* Starts it. NULL and *error if it cannot be started. */
struct run *run_start(void *owner, const struct run_spec *spec, struct error *error);

/* Process id of the program, which also leads its session and process group. */
pid_t run_pid(const struct run *run);

/*
 * Lets up to `milliseconds` pass, collecting output and watching the limits. True while the program
 * is still running; false once it has ended or was ended by us. Returns early at events.
 */
bool run_step(struct run *run, int milliseconds);

/* Ends whatever is left of it and reports. Strings live below the `owner` of
 * run_start. The run is gone after it. */
void run_finish(struct run *run, struct run_outcome *outcome);

/* Start, step until the end, finish. */
int run_program(void *owner, const struct run_spec *spec, struct run_outcome *outcome,
                struct error *error);

/*
 * Handlers for SIGINT, SIGTERM, SIGHUP and SIGQUIT that make the run under way end with
 * RUN_INTERRUPTED.
 */
void run_catch_interrupts(void);
bool run_interrupted(void);

#endif
