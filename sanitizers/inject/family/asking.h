/* SPDX-License-Identifier: MIT */
/* A system call of a member, which we may answer in the kernel's place: for family_*.c. */
#ifndef HAZARD_INJECT_FAMILY_ASKING_H
#define HAZARD_INJECT_FAMILY_ASKING_H

#include "inject/family/family.h"

/* A call at which `task` stands; *asked is what the kernel will be asked. */
struct asking {
    struct family *family;
    struct task *task;
    struct cpu *asked;
};

static inline uint64_t asking_argument(const struct asking *asking, int index) {
    return cpu_argument(&asking->task->cpu, index);
}

static inline bool asking_gives(const struct asking *asking, long result) {
    struct task *task = asking->task;
    cpu_skip_call(&task->cpu, result);
    cpu_write(task->pid, &task->cpu);
    task->state = TASK_READY;
    return true;
}

static inline bool asking_refuses(const struct asking *asking, const char *why) {
    family_stop_because(asking->family, FAMILY_UNSUPPORTED, why);
    return true;
}

/* Each is asked about one call: true if it was answered, or refused (family->end is set); false if
 * the kernel is to do it. */

/* ---- family_clock.c */
bool asking_takes_clock_gettime(struct asking *asking);
bool asking_takes_gettimeofday(struct asking *asking);
bool asking_takes_time(struct asking *asking);
bool asking_takes_setitimer(struct asking *asking);
bool asking_takes_getitimer(struct asking *asking);
bool asking_takes_alarm(struct asking *asking);
bool asking_takes_nanosleep(struct asking *asking);
bool asking_takes_clock_nanosleep(struct asking *asking);

bool asking_takes_times(struct asking *asking);
bool asking_takes_getrusage(struct asking *asking);

/* ---- family_options.c */
bool asking_takes_fcntl(struct asking *asking);
bool asking_takes_ioctl(struct asking *asking);
bool asking_takes_setsockopt(struct asking *asking);
bool asking_takes_prctl(struct asking *asking);
bool asking_takes_madvise(struct asking *asking);

/* ---- family_files.c */
bool asking_takes_open(struct asking *asking);
bool asking_takes_openat(struct asking *asking);
bool asking_takes_bind(struct asking *asking);
bool asking_takes_connect(struct asking *asking);
/* Of any other call. */
bool asking_refuses_change(struct asking *asking);

#endif
