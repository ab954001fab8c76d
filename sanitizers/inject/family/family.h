/* SPDX-License-Identifier: MIT */
/*
 * A process under test and the processes that it makes, so led that every run of it is the same.
 *
 * Only one of them runs at a time, and whatever can send a signal is held back: a new child stands
 * at its first instruction; timers and naps have no clock but ours; a signal that another process
 * sends waits. When the one that runs can go no further, the next source is let go: a member that
 * can run, else the oldest held child, else a held signal, else the timer or nap that ends first.
 * When there is none left, nobody will ever go on: a deadlock, known without waiting.
 *
 * Process ids are ours too: the first process is FAMILY_FIRST_PID, its n-th child that plus n. So
 * a copy is the same process as the original to itself and its children.
 */
#ifndef HAZARD_INJECT_FAMILY_H
#define HAZARD_INJECT_FAMILY_H

#include "inject/process/call_table.h"
#include "inject/process/cpu.h"
#include <time.h>

#include "inject/process/launch.h"
#include "inject/process/tracee.h"

#define FAMILY_FIRST_PID 2000

enum task_state {
    TASK_READY,   /* stopped; it can go on */
    TASK_ASLEEP,  /* in a call, in the kernel */
    TASK_NAPPING, /* before a call with a time-out, which it is spared */
    TASK_HELD,    /* a child that has not run yet */
    TASK_ENDED
};

struct task {
    pid_t pid;
    int id, parent; /* as the program sees them */
    enum task_state state;
    bool at_call;     /* it stands before a system call, as far as `cpu` goes... */
    bool entered;     /* ...but really in it, before it is executed */
    bool vforks;      /* it waits for its vfork child */
    bool halted;      /* it sleeps because it got SIGSTOP or the like */
    bool retries;     /* TASK_NAPPING: its call may succeed when others have done something */
    struct cpu cpu;   /* where it stands; of one asleep: before its call */
    int signal;       /* it stands where this one is about to be delivered; 0: none */
    int64_t wakes_at; /* TASK_NAPPING: on the family's clock */
    int64_t timer_at, timer_interval; /* ITIMER_REAL; timer_at < 0: not set */
    double seconds;                   /* processor time when it was last found to spin */
    uint64_t turn;                    /* when it last ran: who did not for longest comes first */
};

enum family_end {
    FAMILY_GOES_ON,
    FAMILY_EXITED,   /* the first process: `status` is its code */
    FAMILY_KILLED,   /* likewise: by signal `status` */
    FAMILY_DEADLOCK, /* `why` says who waits for what */
    FAMILY_RAN_AWAY,
    FAMILY_UNSUPPORTED, /* `why` */
    FAMILY_LOST,        /* `why`: we cannot say what it does */
    FAMILY_INTERRUPTED  /* by the user */
};

struct held_signal {
    int to, from, number;
};

struct family {
    struct task **tasks; /* [0] is the first process */
    size_t task_count;
    int next_id;
    pid_t session;
    int64_t clock; /* nanoseconds that were slept through */
    uint64_t luck; /* the next of its numbers that look like chance */
    uint64_t turns;
    int calls; /* since something was last let go */
    struct held_signal *held;
    size_t held_count;

    bool handled;     /* held_number is known to have a handler: saves a look at each delivery */
    int held_number;  /* signals of this number from another process are held back */
    bool real_ids;    /* process ids are the kernel's */
    bool filtered;    /* it has a filter.h */
    uint64_t call_pc; /* a system call instruction in its memory */
    struct capture *capture;
    size_t output_bytes; /* at most */
    double budget;       /* processor time between two calls, before it ran away */

    uint64_t breakpoint; /* in the first process; 0: none */
    long under_breakpoint;

    char *output[2];
    size_t output_length[2];
    int deliveries; /* of held_number to a handler of the first process */
    int returns;    /* from handlers, of the first process */
    enum family_end end;
    int status;
    const char *why;
    bool breaks;    /* its first process stands at the breakpoint */
    bool estranged; /* a call was made that changed what a held child has (relatives.h) */
    bool resets;    /* somebody has a handler that is reset when it runs */
    bool called;    /* any call was made */
    bool remapped;  /* the first process may have changed what it has mapped */

    /* Called when a signal that will kill it is about to be delivered to the first process; may be
     * NULL. */
    void (*dies)(struct family *family, int number, void *data);
    /* Called when held_number is about to be delivered to a handler of it; may be NULL. */
    void (*comes)(struct family *family, void *data);
    void *watcher; /* their data */
};

/* A family of one process that is stopped. */
struct family *family_new(void *owner, pid_t first, struct capture *capture);

/* A copy of a family's first process, which is alone in it. NULL if that failed. */
struct family *family_copy(void *owner, struct family *family);

/* For relatives.c: to such a copy, a process that is one of `original`, a held child. */
void family_add_held(struct family *copy, const struct task *original, pid_t pid);

/* Ends all of them and frees it. */
void family_end(struct family *family);

/* The first process is the only one, alive or zombie. */
bool family_alone(const struct family *family);

/* One instruction, or one call, of the first process; it is READY before. Afterwards it is READY,
 * ASLEEP, NAPPING or ENDED, or family->end is set. */
void family_step(struct family *family);

/* The same, but up to its next call, or over that call. */
void family_advance(struct family *family);

/* The first process cannot go on: lets the others, until it can. */
void family_rest(struct family *family);

/* On to the end; or to the breakpoint (family->breaks), from which it goes on when it is called
 * again. */
void family_run(struct family *family);

/* Sets or clears the breakpoint of the first process. */
bool family_break_at(struct family *family, uint64_t pc);
void family_break_nowhere(struct family *family);

/* Lets one source go, as if the first process could not go on. False if there is none. */
bool family_release(struct family *family);

/* The first process spins: lets a source go, and others run until they cannot go on. False if there
 * was nothing to let go. */
bool family_let_others(struct family *family);

/* A signal to the first process, as from outside. Ends its nap. */
void family_signal(struct family *family, int number);

/* The timer of the first process expires, if it is set: false if it is not. */
bool family_expire_timer(struct family *family);

/* The held children of the first process, from the youngest (0) on; NULL: there are no more. */
struct task *family_held(struct family *family, size_t index);

/* Lets that child run to its end, while the first process stays where it is; or as far as it comes,
 * if it waits for the first process. */
void family_end_child(struct family *family, struct task *child);

/* ---- For family_calls.c and words.c --------------------------------------------------- */

struct task *family_task(struct family *family, int id);
struct task *family_task_of(struct family *family, pid_t pid);
int family_stop_because(struct family *family, enum family_end end, const char *why);
void family_hold_signal(struct family *family, int to, int from, int number);
void family_wake_nappers(struct family *family);

/* The call at which the task stands: makes its result up and returns true, or returns false when
 * the kernel is to do it, as it says in *asked. */
bool family_takes_call(struct family *family, struct task *task, struct cpu *asked);

/* The call has returned: puts our process ids in place of the kernel's. */
void family_finish_call(struct family *family, struct task *task, long call);

/* Nanoseconds until that time on the family's clock; < 0: it is over. */
int64_t family_until(const struct family *family, clockid_t clock, const struct timespec *time);

/* What the first process waits for: "waits for a lock that nobody will release (futex)". */
const char *family_waits_for(struct family *family);

#endif
