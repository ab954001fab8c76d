/* SPDX-License-Identifier: MIT */
#include "hazard/replay/gdb.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The terminal's signals are gdb's meanwhile. */
int gdb_run(const char *const *argv, struct error *error) {
    posix_spawnattr_t attributes;
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    pid_t pid;
    /* posix_spawnp does not change its arguments; POSIX types them so for historical reasons. */
    int code =
        posix_spawnp(&pid, argv[0], NULL, &attributes, (char *const *)(uintptr_t)argv, environ);
    posix_spawnattr_destroy(&attributes);
    if (code == ENOENT)
        return fail(error, "gdb is missing: apt-get install gdb");
    if (code != 0)
        return fail(error, "cannot run gdb: %s", strerror(code));
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return 0;
}
