/* SPDX-License-Identifier: MIT */
/*
 * A process under test and the processes that it makes, so led that every run of it is the same.
 *
 * Only one of them runs at a time, and whatever can send a signal is held back: a new child stands
 * at its first instruction; timers and naps have no clock but ours; a signal that another process
 * sends waits. When the one that runs can go no further, the next source is let go: a member that
 * can run, else the oldest held child (or the youngest), else a delayed signal, else the timer or nap that ends
 * first. When there is none left, nobody will ever go on: a deadlock, known without waiting.
 *
 * Process ids are ours too: the first process is FAMILY_FIRST_PID, its n-th child that plus n. So
 * a copy is the same process as the original to itself and its children.
 *
 * Here is what a family is; schedule.h leads it.
 */
#ifndef HAZARD_INJECT_FAMILY_FAMILY_H
#define HAZARD_INJECT_FAMILY_FAMILY_H

#include "inject/family/breakpoint.h"
#include "inject/family/circle.h"
#include "inject/family/delayed.h"
#include "inject/family/inheritance.h"
#include "inject/family/limits.h"
#include "inject/family/output.h"
#include "inject/family/task.h"
#include "inject/family/tried.h"
#include "inject/process/tracee.h"

#define FAMILY_FIRST_PID 2000

enum family_end {
    FAMILY_GOES_ON,
    FAMILY_EXITED,   /* the first process: `status` is its code */
    FAMILY_KILLED,   /* likewise: by signal `status` */
    FAMILY_DEADLOCK, /* `why` says who waits for what */
    FAMILY_RAN_AWAY,
    FAMILY_UNSUPPORTED, /* `why` */
    FAMILY_LOST,        /* `why`: we cannot say what it does */
    FAMILY_INTERRUPTED, /* by the user */
    FAMILY_CUT          /* the time for all of it was up */
};

struct family {
    struct task **tasks; /* [0] is the first process */
    size_t task_count;
    int next_id;
    pid_t session;
    bool real_ids;        /* process ids are the kernel's */
    bool youngest_first;  /* of the held children the youngest is let go, in place of the oldest */
    bool filtered;        /* it has a filter.h */
    uint64_t call_pc;     /* a system call instruction in its memory */
    double budget;        /* processor time between two calls, before it ran away */
    struct limits limits; /* of all of them together */
    struct circle circle; /* in which the first process may go */

    int64_t clock; /* nanoseconds that were slept through */
    uint64_t luck; /* the next of its numbers that look like chance */
    uint64_t turns;
    int calls;        /* since something was last let go */
    uint64_t changes; /* calls and ends of its processes that another of them may notice */
    bool merges;      /* children ended at once: the next SIGCHLD is one with a pending one */
    struct tried_signal tried;
    struct delayed delayed; /* signals of that number from another process */
    struct output output;
    struct breakpoint breakpoint; /* of the first process */
    struct inheritance inheritance;
    struct observer observer;

    enum family_end end;
    int status;
    const char *why;
};

/* A family of one process that is stopped. */
struct family *family_new(void *owner, pid_t first, const struct capture *capture);

/* A copy of a family's first process, which is alone in it. NULL if that failed. */
struct family *family_copy(void *owner, struct family *family);
/* Likewise, but no other process: the first one itself plays it, and is put back afterwards. */
struct family *family_guise(void *owner, const struct family *family);

/* Ends all of them and frees it. */
void family_end(struct family *family);

/* A new member, READY, made by one of them; or one like `original`. */
struct task *family_add(struct family *family, pid_t pid, int id, int parent);
struct task *family_add_copy(struct family *family, pid_t pid, const struct task *original);

/* NULL if there is none. */
struct task *family_task(const struct family *family, int id);
struct task *family_task_of(const struct family *family, pid_t pid);

/* The held children of the first process, from the youngest (0) on; NULL: there are no more. */
struct task *family_held(const struct family *family, size_t index);
/* Likewise those that could go on now, and perhaps end: also let go before, not waiting for others. */
struct task *family_able(const struct family *family, size_t index);

/* The first end stands. Always -1. */
int family_stop_because(struct family *family, enum family_end end, const char *why);

/* Those of its limits that may be reached at any time: false if one is, and that is its end. */
bool family_may_go_on(struct family *family);

/* Something of it was let go, because all wait. */
void family_count_wait(struct family *family);

/* A task has exited or was killed. */
void family_task_ended(struct family *family, struct task *task, struct stop stop);

/* A nap ends with EINTR when a handler is to run, or when the process is killed. */
void family_wake_nappers(struct family *family);

/* Takes what they have printed since. True if that was anything. */
bool family_drain(struct family *family);

#endif
