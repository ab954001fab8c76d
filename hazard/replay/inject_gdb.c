/* SPDX-License-Identifier: MIT */
#include "hazard/replay/inject_gdb.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/report/stretches.h"

static const char *welcome(void *owner, const struct inject_options *options) {
    return talloc_asprintf(
        owner,
        "echo \\nhazard: stopped at point %s: %s comes next. `break HANDLER', `continue' goes into "
        "its handler.\\n",
        with_commas(owner, options->at), signal_name(options->signal));
}

static const char *const *gdb_command(void *owner, const struct subject *subject,
                                      const struct inject_options *options, pid_t pid) {
    const char *const line[] = {
        "gdb",
        "-q",
        "-iex",
        "set confirm off",
        "-iex",
        "set pagination off",
        "-p",
        talloc_asprintf(owner, "%d", (int)pid),
        subject->binary,
        "-ex",
        talloc_asprintf(owner, "handle %s nostop print pass", signal_name(options->signal)),
        "-ex", /* it is how we stopped it, and gdb would hand it on */
        "handle SIGSTOP nostop noprint nopass",
        "-ex",
        "backtrace",
        "-ex",
        welcome(owner, options),
        NULL};
    const char **copy = new_array(owner, const char *, sizeof line / sizeof *line);
    memcpy(copy, line, sizeof line);
    return copy;
}

/* The terminal's signals are gdb's meanwhile. */
static int run_gdb(const char *const *argv, struct error *error) {
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

int inject_gdb(void *owner, const struct subject *subject, const struct inject_options *options,
               struct error *error) {
    pid_t pid = inject_stop_at(owner, subject, options, options->at, error);
    if (pid < 0)
        return -1;
    int result = run_gdb(gdb_command(owner, subject, options, pid), error);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return result;
}
