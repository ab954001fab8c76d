/* SPDX-License-Identifier: MIT */
/* From a process of ours to one that is locked in: all that is done between fork(2) and execve(2). */
#ifndef HAZARD_SANDBOX_ENTRY_H
#define HAZARD_SANDBOX_ENTRY_H

#include <sys/types.h>

#include "sandbox/sandbox.h"

/* In memory that the new processes share with us. */
struct entry_stage {
    const char *step; /* what was being done when it failed: "mount /proc". A string of ours */
    const char *path; /* of what; may be NULL */
};

struct entry {
    const struct sandbox *sandbox;
    const struct sandbox_spec *spec;
    uid_t uid;    /* the spare user; 0: ours stays */
    size_t nproc; /* RLIMIT_NPROC */
    struct entry_stage *stage;
};

/* For run_spec's `enter`: returns 0 in the process that is to become the command. -1 and errno, and
 * the stage says where. */
int entry_enter(void *entry);

/* The step before: what comes next is this. `step` and `path` outlive the call. */
void entry_note(const struct entry *entry, const char *step, const char *path);

/* The environment that every command has, for the scratch folder; NULL-terminated, below `owner`. */
const char *const *entry_environment(void *owner, const struct sandbox_spec *spec);

#endif
