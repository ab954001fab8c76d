/* SPDX-License-Identifier: MIT */
/* What the kernel says of processes: /proc read once, into plain structs. Linux, proc(5). */
#ifndef HAZARD_RUN_PROC_H
#define HAZARD_RUN_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* One thread. */
struct proc_task {
    pid_t tid;
    char state;                /* R, S, D, T, Z... */
    unsigned long long cpu_ns; /* processor time used so far */
    unsigned long long
        delay_ns; /* it could have run, and others did; 0 if the kernel does not say */
    long call;    /* the system call it is blocked in; -1: none, or unknown */
    unsigned long call_args[6];
};

/* One process. */
struct proc {
    pid_t pid, parent, group, session;
    char state; /* of its main thread; Z: that has ended, and others may live on */
    /* A thread that lives: what the process has can be asked of it, and no more of a main thread
     * that has ended. The process's number if none lives. */
    pid_t living;
    /* Processor time, with that of threads that have ended and of children that were waited for. */
    unsigned long long cpu_ns;
    size_t resident_bytes;
    size_t virtual_bytes;
    unsigned long long caught;  /* the signals that have a handler: bit 0 is signal 1 */
    bool catches_timer_signals; /* SIGALRM, SIGVTALRM or SIGPROF: a timer may wake it */
    bool catches_all_signals;   /* as in Valgrind, which hides what the program itself catches */
    struct proc_task *tasks;
    size_t task_count;
};

struct proc_tree {
    struct proc *items;
    size_t count;
};

/*
 * The process `root`, its descendants, and whoever is in the session that it leads. Processes that
 * vanish while we read are left out. Below `owner`.
 */
struct proc_tree proc_tree_read(void *owner, pid_t root);

/* Processes by number. */
struct proc_numbers {
    pid_t *items;
    size_t count;
};

/* Our children, those that have ended included. Below `owner`. */
struct proc_numbers proc_children(void *owner);

/* The tree, and those of its orphans that the kernel gave to us, the subreaper: our children in
 * sessions that are not ours, but for `others`, whom we had before. */
struct proc_tree proc_tree_read_orphans(void *owner, pid_t root, struct proc_numbers others);

/* Has every thread ended? */
bool proc_has_ended(const struct proc *process);

/* Its resident memory (asked of a thread that lives), with what it shares counted in shares (Pss); 0
 * if the kernel does not say. */
size_t proc_proportional_bytes(pid_t pid);

/* Number of open descriptors of a process; -1 if it is gone. */
int proc_descriptors(pid_t pid);

/* Is the thread in a call that ends by itself after a while (a sleep, a wait with a time-out)? */
bool proc_task_in_timed_wait(const struct proc_task *task);

/* Is a thread in a call that somebody outside of the tree may end: it waits for a socket, or for a
 * file's lock? */
bool proc_awaits_others(const struct proc *process);

/* Is it in sigwait(3), for a signal that a timer sends (SIGALRM, SIGVTALRM, SIGPROF)? */
bool proc_task_awaits_timer_signal(pid_t pid, const struct proc_task *task);

/* Memory of another process. False: it cannot be read. */
bool proc_read_memory(pid_t pid, unsigned long address, void *value, size_t size);

/* How long the relative sleep it is in was asked to be, in whole
 * milliseconds; -1: it is in none. */
long proc_task_nap_milliseconds(pid_t pid, const struct proc_task *task);

#endif
