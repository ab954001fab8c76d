/* SPDX-License-Identifier: MIT */
/*
 * The self-test's stand-ins: each tries one forbidden act, from within the sandbox, and says whether it could.
 * All are bounded and harmless also where nothing contains them: they go a little beyond a limit, end by
 * themselves, and aim at what the self-test has planted for them.
 */
#ifndef HAZARD_SELFTEST_ATTEMPT_H
#define HAZARD_SELFTEST_ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "sandbox/sandbox.h"

/* Small, so that "a little beyond" is little, too. */
enum {
    ATTEMPT_PROCESSES = 24,
    ATTEMPT_OPEN_FILES = 64,
    ATTEMPT_SECONDS = 2,
    ATTEMPT_LONG = 8 /* seconds: who got that far was not stopped */
};
#define ATTEMPT_MEMORY ((size_t)160 << 20)
#define ATTEMPT_DISK ((size_t)8 << 20)
#define ATTEMPT_OUTPUT ((size_t)256 << 10)

/* What is planted. Paths are absolute. Within the sandbox it is known from the environment. */
struct attempt_place {
    const char *secret; /* a file that all users may read, and one that only its owner may */
    const char *hidden;
    const char *outside; /* a folder in which all users may write, with a file `kept` */
    const char *shared;  /* a folder that the sandbox may read, with a file `given`, open to all */
    const char *scratch;
    pid_t bystander; /* a process of ours, with the secret in its environment */
    int port;        /* where something of ours listens on 127.0.0.1 */
};

/* What an attempt says by its exit status. */
enum attempt_answer { ATTEMPT_COULD = 70, ATTEMPT_COULD_NOT = 71 };

struct attempt {
    const char *name;
    const char *tries; /* "reads a secret by its path" */
    /* What contains it in tiers A, B and C; NULL: nothing does, and the tier does not promise it. */
    const char *by[3];
    /* Within the sandbox: true: it could. Else errno says why not. NULL: the `command` is run. */
    bool (*act)(const struct attempt_place *place);
    /* A line for sh(1), in the scratch folder, with $SECRET, $OUTSIDE: a compilation. It never could by its
     * exit status; what it left behind and printed tells. */
    const char *command;
    bool loopback; /* with a network of its own, where the tier has that */
};

/* All of them, by room: attempt_files.c, attempt_processes.c... */
struct attempt_list {
    const struct attempt *items;
    size_t count;
};
struct attempt_list attempt_list_files(void);
struct attempt_list attempt_list_processes(void);
struct attempt_list attempt_list_limits(void);
struct attempt_list attempt_list_kernel(void);
struct attempt_list attempt_list_compilers(void);

/* Room by room; `number` from 0 on, NULL: there are no more. */
const struct attempt *attempt_at(size_t number);
const struct attempt *attempt_named(const char *name);

/* Within the sandbox: does it, prints a line, and ends the process. `hazard grade` calls it with
 * what a hidden option names. */
_Noreturn void attempt_act(const char *name);

/* The environment by which attempt_act knows the place; NULL-terminated, below `owner`. */
const char *const *attempt_environment(void *owner, const struct attempt_place *place);

#endif
