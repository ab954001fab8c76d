/* SPDX-License-Identifier: MIT */
#include "hazard/replay/inject_gdb.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/signal_name.h"
#include "hazard/replay/gdb.h"
#include "inject/walk/reproduce.h"

static const char *welcome(void *owner, const struct inject_options *options) {
    return talloc_asprintf(
        owner,
        "echo \\nhazard: stopped at point %s: %s comes next. `break HANDLER', `continue' goes into "
        "its handler.\\n",
        number_with_commas(owner, options->at), signal_name(options->signal));
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

int inject_gdb(void *owner, const struct subject *subject, const struct inject_options *options,
               struct error *error) {
    pid_t pid = reproduce_for_debugger(owner, subject, options, options->at, error);
    if (pid < 0)
        return -1;
    int result = gdb_run(gdb_command(owner, subject, options, pid), error);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return result;
}
