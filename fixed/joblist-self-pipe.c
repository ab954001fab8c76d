/* SPDX-License-Identifier: MIT */
/*
 * joblist: a shell forks jobs and adds each to its job list; the handler of SIGCHLD deletes it.
 *
 * Variant (fixed/joblist-self-pipe.c): the handler only writes a byte to a pipe, and the main loop
 * that polls it does the work. The list belongs to main alone, which adds before it deletes.
 *
 * The pipe does not block: if it is ever full, there are bytes enough in it to wake main, and one
 * more would tell it nothing. Main empties it before it reaps: a child that ends after the last
 * waitpid leaves a byte for the next poll.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

enum { MAX_JOBS = 32 };

static int wake[2];          /* the handler writes, main reads */
static pid_t jobs[MAX_JOBS]; /* 0: a free slot */
static int reaped;

static void add_job(pid_t pid) {
    int slot = 0;
    while (jobs[slot] != 0)
        slot++;
    jobs[slot] = pid;
}

static void delete_job(pid_t pid) {
    for (int slot = 0; slot < MAX_JOBS; slot++)
        if (jobs[slot] == pid)
            jobs[slot] = 0;
}

static void on_child(int signo) {
    (void)signo;
    int saved = errno;
    if (write(wake[1], "", 1) == -1 && errno != EAGAIN)
        _exit(2);
    errno = saved;
}

static void reap(void) {
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        delete_job(pid);
        reaped++;
    }
}

static void start_job(void) {
    pid_t pid = must_errno(fork(), "fork");
    if (pid == 0)
        _exit(0);
    add_job(pid);
}

static void wait_for_jobs(int count) {
    struct pollfd child_ended = {.fd = wake[0], .events = POLLIN};
    char bytes[64];
    while (reaped < count) {
        if (poll(&child_ended, 1, -1) == -1 && errno != EINTR)
            must(errno, "poll");
        while (read(wake[0], bytes, sizeof bytes) > 0)
            continue;
        reap();
    }
}

int main(int argc, char **argv) {
    int count = size_arg(argc, argv, 1, 8, 1, MAX_JOBS);
    must_errno(pipe(wake), "pipe");
    must_errno(fcntl(wake[0], F_SETFL, O_NONBLOCK), "fcntl");
    must_errno(fcntl(wake[1], F_SETFL, O_NONBLOCK), "fcntl");
    struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGCHLD, &action, NULL), "sigaction");
    for (int i = 0; i < count; i++)
        start_job();
    wait_for_jobs(count);
    int stale = 0;
    for (int slot = 0; slot < MAX_JOBS; slot++)
        stale += jobs[slot] != 0;
    printf("%d jobs ended, %d still in the list\n", count, stale);
    return stale != 0;
}
