/* SPDX-License-Identifier: MIT */
/* A system call of a member, which we may answer in the kernel's place. */
#ifndef HAZARD_INJECT_FAMILY_ASKING_H
#define HAZARD_INJECT_FAMILY_ASKING_H

#include "inject/family/family.h"

/* A call at which `task` stands; *asked is what the kernel will be asked. */
struct asking {
    struct family *family;
    struct task *task;
    struct cpu *asked;
};

/* What takes a call: true if it was answered, or refused (family->end is set); false if the kernel
 * is to do it. A table of takers ends with one that has no `takes`. */
struct asking_taker {
    long call;
    bool (*takes)(struct asking *asking);
};

static inline uint64_t asking_argument(const struct asking *asking, int index) {
    return cpu_argument(&asking->task->cpu, index);
}

static inline bool asking_gives(const struct asking *asking, long result) {
    task_answer(asking->task, result);
    return true;
}

static inline bool asking_refuses(const struct asking *asking, const char *why) {
    family_stop_because(asking->family, FAMILY_UNSUPPORTED, why);
    return true;
}

#endif
