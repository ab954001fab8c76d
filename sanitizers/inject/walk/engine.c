/* SPDX-License-Identifier: MIT */
/*
 * A worker is a process of its own, because it waits for tracees and is a subreaper. It leaves
 * nothing behind: however it ends, PTRACE_O_EXITKILL ends its tracees.
 */
#include "inject/walk/engine.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "inject/process/watch.h"
#include "inject/walk/board.h"
#include "inject/walk/collect.h"
#include "inject/walk/walk.h"

#define MOST_POINTS ((size_t)1 << 26)
#define PROGRESS_MILLISECONDS 100

/* ---- A worker ------------------------------------------------------------------------ */

struct crew {
    const struct subject *subject;
    const struct inject_options *options;
    struct board *board;
    size_t jobs;
    pid_t pids[BOARD_JOBS];
};

static void work(const struct crew *crew, size_t worker) {
    struct error error = {""};
    struct walk walk = {.owner = new_owner(),
                        .options = crew->options,
                        .board = crew->board,
                        .report = &crew->board->workers[worker],
                        .worker = worker,
                        .jobs = crew->jobs,
                        .chosen = {&crew->options->at, crew->options->at >= 0, 0},
                        .error = &error};
    struct watch watch;
    watch_start(&watch);
    if (walk_run(&walk, crew->subject) != 0 && error.text[0] != '\0')
        walk.report->failed = true;
    memcpy(walk.report->error, error.text, sizeof error.text);
    walk_end(&walk);
    walk.report->finished = true;
}

static int start_workers(struct crew *crew, struct error *error) {
    pid_t parent = getpid();
    for (size_t i = 0; i < crew->jobs; i++) {
        crew->pids[i] = fork();
        if (crew->pids[i] < 0)
            return fail(error, "cannot fork: %s", strerror(errno));
        if (crew->pids[i] > 0)
            continue;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent)
            work(crew, i);
        _exit(0);
    }
    return 0;
}

/* ---- Watching ------------------------------------------------------------------------ */

static bool any_left(struct crew *crew) {
    bool any = false;
    for (size_t i = 0; i < crew->jobs; i++) {
        if (crew->pids[i] <= 0)
            continue;
        if (waitpid(crew->pids[i], NULL, WNOHANG) == 0)
            any = true;
        else
            crew->pids[i] = 0;
    }
    return any;
}

static void stop_workers(struct crew *crew) {
    for (size_t i = 0; i < crew->jobs; i++) {
        if (crew->pids[i] <= 0)
            continue;
        kill(crew->pids[i], SIGKILL);
        waitpid(crew->pids[i], NULL, 0);
    }
}

static void watch_workers(struct crew *crew, engine_progress progress, void *data) {
    double started = clock_seconds(), told = started;
    for (int patience = 1; any_left(crew); patience = patience < 20 ? patience + 1 : 20) {
        poll(NULL, 0, patience);
        if (run_interrupted())
            crew->board->stop = true;
        double now = clock_seconds();
        if (progress == NULL || now - told < PROGRESS_MILLISECONDS / 1000.0)
            continue;
        int64_t done = 0, bad = 0;
        for (size_t i = 0; i < crew->jobs; i++) {
            done += crew->board->workers[i].done;
            bad += crew->board->workers[i].bad;
        }
        told = now;
        progress(done, bad, now - started, data);
    }
}

/* ---- The whole ----------------------------------------------------------------------- */

/* hazard has failed if a worker did not finish, or if two did not walk the same way. */
static int check_workers(const struct crew *crew, struct error *error) {
    const struct board_worker *first = &crew->board->workers[0];
    for (size_t i = 0; i < crew->jobs; i++) {
        const struct board_worker *worker = &crew->board->workers[i];
        if (worker->failed)
            return fail(error, "%s", worker->error);
        if (!worker->finished)
            return fail(error, "inject: a worker ended early");
    }
    for (size_t i = 1; i < crew->jobs; i++) {
        const struct board_worker *worker = &crew->board->workers[i];
        bool partial = worker->interrupted || worker->cut || first->interrupted || first->cut;
        if (!partial && strcmp(worker->unsupported, first->unsupported) == 0 &&
            (worker->point_count != first->point_count || worker->checksum != first->checksum))
            return fail(error, "inject: the program does not run the same way twice");
    }
    return 0;
}

int engine_walk(void *owner, const struct subject *subject, const struct inject_options *options,
                engine_progress progress, void *data, struct injection *injection,
                struct error *error) {
    size_t most = options->points > 0 && (size_t)options->points < MOST_POINTS
                      ? (size_t)options->points
                      : MOST_POINTS;
    struct crew crew = {.subject = subject,
                        .options = options,
                        .board = board_new(most, options->output_bytes),
                        .jobs = options->at >= 0 || options->jobs < 1 ? 1 : (size_t)options->jobs};
    if (crew.board == NULL)
        return fail(error, "cannot map memory for %zu points: %s", most, strerror(errno));
    if (crew.jobs > BOARD_JOBS)
        crew.jobs = BOARD_JOBS;
    double started = clock_seconds();
    int result = start_workers(&crew, error);
    if (result == 0)
        watch_workers(&crew, progress, data);
    stop_workers(&crew);
    if (result == 0)
        result = check_workers(&crew, error);
    if (result == 0) {
        collect_injection(owner, crew.board, crew.jobs, options->at < 0, injection);
        injection->seconds = clock_seconds() - started;
    }
    board_free(crew.board);
    return result;
}
