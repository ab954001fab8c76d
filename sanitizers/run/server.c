/* SPDX-License-Identifier: MIT */
/*
 * A server does not end by itself, and does nothing without clients. So a helper process waits
 * until it listens, talks to it, and sends SIGTERM; we watch the server meanwhile as we watch any
 * program.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/clients.h"
#include "run/run.h"

#define SEQUENTIAL_CLIENTS 4
#define CONCURRENT_CLIENTS 8

static void drive(pid_t server, pid_t parent, double seconds) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    struct server_address address;
    while (!server_listening(server, &address))
        poll(NULL, 0, 20); /* killed by our parent when the server ends, or its time is up */
    clients_run(&address, SEQUENTIAL_CLIENTS, CONCURRENT_CLIENTS, seconds / 4);
    kill(server, SIGTERM);
    _exit(0);
}

int run_server(void *owner, const struct run_spec *spec, struct run_outcome *outcome,
               struct error *error) {
    struct run_spec idle = *spec;
    idle.may_idle = true;
    struct run *run = run_start(owner, &idle, error);
    if (run == NULL)
        return -1;
    pid_t parent = getpid();
    pid_t driver = fork();
    if (driver == 0)
        drive(run_pid(run), parent, spec->limits.seconds);
    int fork_error = errno;
    while (driver > 0 && run_step(run, 1000))
        ;
    run_finish(run, outcome);
    if (driver < 0)
        return fail(error, "cannot start clients for %s: %s", spec->argv[0], strerror(fork_error));
    kill(driver, SIGKILL);
    waitpid(driver, NULL, 0);
    return 0;
}
