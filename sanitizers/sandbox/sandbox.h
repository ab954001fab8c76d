/* SPDX-License-Identifier: MIT */
/*
 * Runs a command that may be hostile, in the strongest of three tiers that the machine allows:
 *
 *   A  user, mount, pid, network and IPC namespaces with a file system of its own (a private /proc,
 *      /tmp and /dev/shm)
 *   B  root in a container that allows none of those: a spare user id
 *   C  an ordinary user who is allowed none
 *
 * and in all of them Landlock (in A where the kernel has it), a seccomp filter, rlimits, and the
 * supervisor of run.h: a subreaper that watches limits and ends all that was started before it
 * returns. docs/sandbox.md has what each tier does not contain.
 *
 * The command sees what is named here and the system's programs and libraries, read-only. Its
 * environment is PATH, HOME, TMPDIR, LC_ALL and what is given; its output comes through our pipes.
 */
#ifndef HAZARD_SANDBOX_SANDBOX_H
#define HAZARD_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "run/run.h"

enum sandbox_tier { SANDBOX_NONE, SANDBOX_A, SANDBOX_B, SANDBOX_C };
#define SANDBOX_TIERS (SANDBOX_C + 1)

/* What this machine allows. */
struct sandbox {
    enum sandbox_tier tier;
    int landlock_abi;     /* 0: the kernel has none */
    bool fixed_addresses; /* no randomisation of addresses can be had: TSan always finds its room */
};

/*
 * Finds the strongest tier by trying: a process locks itself in as a command would be. `wanted`:
 * that tier or an error; SANDBOX_NONE: the strongest there is. 0, or -1 and *error: one line that
 * says which step failed in each tier that was tried. Strings live below `owner`.
 */
int sandbox_probe(void *owner, enum sandbox_tier wanted, struct sandbox *sandbox,
                  struct error *error);

/* "A", and "A: user, mount, pid, network and IPC namespaces, Landlock, seccomp": what reports say. */
const char *sandbox_tier_name(enum sandbox_tier tier);
const char *sandbox_words(void *owner, const struct sandbox *sandbox);

struct sandbox_limits {
    double seconds; /* processor time, and time that it sleeps: all its processes (run/spent.h) */
    double wall_seconds; /* 0: SPENT_BACKSTOP times as much */
    size_t memory_bytes; /* resident, all together; what it holds in memfds is added */
    size_t output_bytes; /* stdout and stderr together */
    /* All files in the scratch folder together; each file; and in tier A once more for the private /tmp
     * and /dev/shm together. */
    size_t disk_bytes;
    size_t file_bytes; /* one file's length, holes included; 0: disk_bytes */
    size_t processes;  /* threads count. TSan needs one more than the program has */
    size_t open_files; /* of each process */
};

extern const struct sandbox_limits sandbox_default_limits;

struct sandbox_spec {
    const char *const *argv;        /* NULL-terminated; argv[0] is a path, or looked up in PATH */
    const char *const *environment; /* "NAME=value", NULL-terminated; may be NULL */
    const char *const
        *reads; /* absolute paths of files and folders, NULL-terminated; may be NULL */
    /* An absolute path: the one folder that it may write, and where it starts. It belongs to the
     * command's user while that runs, and to us afterwards. It may then hold regular files and folders
     * only, made by whoever is hostile: open them with O_NOFOLLOW all the same. */
    const char *scratch;
    const char *folder; /* where it starts: below scratch; NULL: there */
    const char
        *input; /* its stdin: an absolute path, which need not be among `reads`; NULL: /dev/null */
    struct sandbox_limits limits;
    bool
        loopback; /* sockets, in a network of its own that is loopback alone. Tier A only: elsewhere an error */
    bool traces; /* may trace (ptrace) what it has started itself: a debugger, `hazard inject` */
    enum rest_tool tool; /* see run_spec */
    bool may_idle;       /* see run_spec */
};

/*
 * Runs it and returns when all that it started is dead. 0: *outcome is what the command came to, its strings
 * below `owner`. -1 and *error: the platform's fault, never the command's (the sandbox could not be built,
 * the command could not be started, something would not die).
 *
 * What is named in `reads` has to be open to all users where the tier has a spare user id (as root: A and
 * B). One run at a time in a process, see run.h; several processes may run one each.
 */
int sandbox_run(void *owner, const struct sandbox *sandbox, const struct sandbox_spec *spec,
                struct run_outcome *outcome, struct error *error);

/*
 * A linker cannot make its output executable in tier C, where chmod(2) is refused: it would reach all files
 * of the user. This does it afterwards, in any tier: a regular file, no link. 0, or -1 and *error.
 */
int sandbox_make_executable(const char *path, struct error *error);

#endif
