/* SPDX-License-Identifier: MIT */
#include "hazard/suite/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/run.h"

/* A child at work. */
struct worker {
    pid_t pid; /* 0: the slot is free */
    int fd;
    size_t index;
    char *answer;
};

static _Noreturn void work(const struct jobs *jobs, size_t index, int fd, pid_t parent) {
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* makes a run under way clean up after itself */
    if (getppid() != parent)
        _exit(2);
    json_t *answer = jobs->work(index, jobs->context);
    int failed = answer == NULL || json_dumpfd(answer, fd, JSON_COMPACT | JSON_ENCODE_ANY) != 0;
    json_decref(answer);
    (void)fflush(NULL);
    _exit(failed);
}

static int start(void *owner, const struct jobs *jobs, size_t index, struct worker *worker,
                 struct error *error) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return fail(error, "cannot make a pipe for a worker: %s", strerror(errno));
    pid_t parent = getpid();
    (void)fflush(NULL); /* or the child prints it once more */
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        work(jobs, index, fds[1], parent);
    }
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        return fail(error, "cannot start a worker: %s", strerror(errno));
    }
    *worker = (struct worker){pid, fds[0], index, talloc_strdup(owner, "")};
    return 0;
}

/* Its answer is complete when the pipe is at its end. */
static int collect(const struct jobs *jobs, struct worker *worker, struct error *error) {
    close(worker->fd);
    int status = 0;
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        ;
    worker->pid = 0;
    /* A worker that was killed may have been made to say anything: its answer does not count. */
    json_t *answer = status == 0 ? json_loads(worker->answer, JSON_DECODE_ANY, NULL) : NULL;
    talloc_free(worker->answer);
    if (answer == NULL) {
        if (run_interrupted())
            return fail(error, "interrupted");
        if (jobs->lost != NULL)
            return jobs->lost(worker->index, status, jobs->context, error);
        return fail(error, "hazard itself failed: a worker ended without an answer (status %d)",
                    status);
    }
    int result = jobs->done(worker->index, answer, jobs->context, error);
    json_decref(answer);
    return result;
}

static int read_some(const struct jobs *jobs, struct worker *worker, struct error *error) {
    char block[65536];
    ssize_t length = read(worker->fd, block, sizeof block);
    if (length < 0 && errno == EINTR)
        return 0;
    if (length <= 0)
        return collect(jobs, worker, error);
    worker->answer =
        never_null(talloc_strndup_append_buffer(worker->answer, block, (size_t)length));
    return 0;
}

static int wait_for_any(const struct jobs *jobs, struct worker *workers, size_t slots,
                        struct error *error) {
    struct pollfd *fds = new_array(NULL, struct pollfd, slots);
    for (size_t i = 0; i < slots; i++)
        fds[i] = (struct pollfd){.fd = workers[i].pid != 0 ? workers[i].fd : -1, .events = POLLIN};
    int result = 0;
    if (poll(fds, slots, -1) > 0) {
        for (size_t i = 0; i < slots && result == 0; i++)
            if (fds[i].revents != 0)
                result = read_some(jobs, &workers[i], error);
    }
    talloc_free(fds);
    if (result == 0 && run_interrupted())
        result = fail(error, "interrupted");
    return result;
}

/* SIGTERM lets a worker end its program under test before it ends itself. */
static void stop_all(struct worker *workers, size_t slots) {
    for (size_t i = 0; i < slots; i++)
        if (workers[i].pid != 0)
            kill(workers[i].pid, SIGTERM);
    for (size_t i = 0; i < slots; i++) {
        if (workers[i].pid == 0)
            continue;
        close(workers[i].fd); /* first: it must not wait for us to read its answer */
        while (waitpid(workers[i].pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
}

int jobs_run(const struct jobs *jobs, struct error *error) {
    size_t slots = jobs->parallel > 0 ? (size_t)jobs->parallel : 1;
    struct worker *workers = new_array(NULL, struct worker, slots);
    size_t next = 0, running = 0;
    int result = 0;
    do {
        running = 0;
        for (size_t i = 0; i < slots && result == 0; i++) {
            if (workers[i].pid == 0 && next < jobs->count)
                result = start(workers, jobs, next++, &workers[i], error);
            running += workers[i].pid != 0;
        }
        if (result == 0 && running > 0)
            result = wait_for_any(jobs, workers, slots, error);
    } while (result == 0 && running > 0);
    stop_all(workers, slots);
    talloc_free(workers);
    return result;
}
