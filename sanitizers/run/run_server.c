/* SPDX-License-Identifier: MIT */
/*
 * A helper process waits until the server listens, talks to it, and sends SIGTERM; we watch the
 * server meanwhile as we watch any program.
 */
#include "run/run_server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/clients.h"
#include "run/proc.h"
#include "run/server_address.h"

#define SEQUENTIAL_CLIENTS 4
#define CONCURRENT_CLIENTS 8
#define LOOK_MILLISECONDS 50
#define IDLE_NS 1000000ULL /* of LOOK_MILLISECONDS: 2 % */

/* Processor time of the server's whole tree. */
static unsigned long long work_done(pid_t server) {
    struct proc_tree tree = proc_tree_read(NULL, server);
    unsigned long long sum = 0;
    for (size_t i = 0; i < tree.count; i++)
        for (size_t j = 0; j < tree.items[i].task_count; j++)
            sum += tree.items[i].tasks[j].cpu_ns;
    talloc_free(tree.items);
    return sum;
}

/*
 * Lets the server finish what its last clients left it to do: until it has used no processor time
 * between two looks (a tool's own background thread may use a little). A signal that comes in the
 * middle of a thread's start or end makes some tools report their own doings.
 */
static void settle(pid_t server) {
    unsigned long long before = work_done(server), after;
    for (int look = 0; look < 100; look++, before = after) {
        poll(NULL, 0, LOOK_MILLISECONDS);
        after = work_done(server);
        if (after - before < IDLE_NS)
            return;
    }
}

static _Noreturn void drive(pid_t parent, const struct clients_plan *plan,
                            volatile bool *listened) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    struct server_address address;
    while (!server_listening(plan->server, &address))
        poll(NULL, 0, 20); /* killed by our parent when the server ends, or its time is up */
    *listened = true;
    clients_run(&address, plan);
    settle(plan->server);
    /* TSan may hold a signal back until the next blocking call: once may not be enough. We are
     * killed when it has ended. */
    for (;;) {
        kill(plan->server, SIGTERM);
        poll(NULL, 0, 500);
    }
}

int run_server(void *owner, const struct run_spec *spec, struct run_outcome *outcome,
               struct error *error) {
    struct run_spec idle = *spec;
    idle.may_idle = true;
    /* Shared with the driver. */
    volatile bool *listened =
        mmap(NULL, sizeof *listened, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct run *run = listened != MAP_FAILED ? run_start(owner, &idle, error) : NULL;
    if (run == NULL)
        return listened != MAP_FAILED ? -1 : fail(error, "no memory to share with a helper");
    const struct clients_plan plan = {
        .server = run_pid(run),
        .tool = spec->tool,
        .sequential = SEQUENTIAL_CLIENTS,
        .concurrent = CONCURRENT_CLIENTS,
        .seconds = spec->limits.seconds / 4,
    };
    pid_t parent = getpid();
    pid_t driver = fork();
    if (driver == 0)
        drive(parent, &plan, listened);
    int fork_error = errno;
    while (driver > 0 && run_step(run, 1000))
        ;
    if (driver > 0) { /* before the server's number is free for another process */
        kill(driver, SIGKILL);
        waitpid(driver, NULL, 0);
    }
    run_finish(run, outcome);
    outcome->never_listened = !*listened;
    munmap((void *)(uintptr_t)listened, sizeof *listened);
    if (driver < 0)
        return fail(error, "cannot start clients for %s: %s", spec->argv[0], strerror(fork_error));
    return 0;
}
