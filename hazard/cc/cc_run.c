/* SPDX-License-Identifier: MIT */
#include "hazard/cc/cc_run.h"

#include <errno.h>
#include <spawn.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

int cc_run(const char *const *words, struct error *error) {
    extern char **environ;
    pid_t pid;
    int status = 0;
    /* posix_spawn does not change its arguments; POSIX types them so for historical reasons. */
    int code = posix_spawnp(&pid, words[0], NULL, NULL, (char **)(uintptr_t)words, environ);
    if (code != 0)
        return fail(error, "cannot run %s: %s", words[0], strerror(code));
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
