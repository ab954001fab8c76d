/* SPDX-License-Identifier: MIT */
/*
 * A worker is a process of its own, because it waits for tracees and is a subreaper. It leaves
 * nothing behind: when it ends, however, PTRACE_O_EXITKILL ends its tracees.
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
                        .only = crew->options->at,
                        .error = &error};
    struct watch watch;
    watch_start(&watch);
    if (walk_start(&walk, crew->subject) == 0)
        walk_go(&walk);
    else if (error.text[0] != '\0')
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

/* ---- Putting it together ------------------------------------------------------------- */

/* hazard failed where a worker did not finish, or where two did not walk the same way. */
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

static void collect_flags(const struct crew *crew, void *owner, struct injection *injection) {
    injection->note = "";
    for (size_t i = 0; i < crew->jobs; i++) {
        const struct board_worker *worker = &crew->board->workers[i];
        injection->cut |= worker->cut;
        injection->interrupted |= worker->interrupted;
        if (injection->unsupported == NULL && worker->unsupported[0] != '\0')
            injection->unsupported = never_null(talloc_strdup(owner, worker->unsupported));
        if (injection->note[0] == '\0' && worker->note[0] != '\0')
            injection->note = never_null(talloc_strdup(owner, worker->note));
    }
}

/* Most copies print a line once more: it is what the handler prints. */
static bool is_handlers_line(const struct crew *crew, const struct judged *judged, size_t points) {
    if (!judged->repeats)
        return false;
    size_t same = 0, tried = 0;
    for (size_t i = 0; i < points; i++) {
        const struct board_point *point = &crew->board->points[i];
        if ((point->flags & POINT_TRIED) == 0)
            continue;
        const struct board_worker *worker = &crew->board->workers[board_worker_of(i, crew->jobs)];
        const struct judged *other = &worker->endings[point->ending];
        tried += other->kind == ENDING_WELL || other->kind == ENDING_WRONG;
        same += other->kind == judged->kind && strcmp(other->text, judged->text) == 0;
    }
    return same * 2 > tried;
}

/* The ending's number in the result: endings are numbered as they first come up. */
static uint32_t ending_number(const struct crew *crew, void *owner, struct injection *injection,
                              const struct judged *judged, size_t points) {
    for (size_t i = 0; i < injection->ending_count; i++)
        if (injection->endings[i].kind == judged->kind &&
            strcmp(injection->endings[i].text, judged->text) == 0)
            return (uint32_t)i;
    if (is_handlers_line(crew, judged, points))
        return 0;
    injection->endings =
        grow_array(owner, injection->endings, struct ending, injection->ending_count + 1);
    injection->endings[injection->ending_count] =
        (struct ending){judged->kind, never_null(talloc_strdup(owner, judged->text)), judged->late};
    return (uint32_t)injection->ending_count++;
}

static void collect_point(const struct crew *crew, void *owner, struct injection *injection,
                          size_t index, uint32_t *numbers) {
    const struct board_point *from = &crew->board->points[index];
    struct point *to = &injection->points[index];
    *to = (struct point){.pc = from->pc, .flags = from->flags, .child = from->child};
    bool stands_in =
        (from->flags & (POINT_TRIED | POINT_BLOCKED)) == POINT_BLOCKED && crew->options->at < 0;
    size_t source = stands_in ? from->stands_for : index;
    const struct board_point *tried = &crew->board->points[source];
    if ((tried->flags & POINT_TRIED) == 0) {
        to->flags |= POINT_LEFT_OUT;
        return;
    }
    size_t worker = board_worker_of(source, crew->jobs);
    uint32_t *number = &numbers[worker * BOARD_ENDINGS + tried->ending];
    if (*number == UINT32_MAX)
        *number = ending_number(crew, owner, injection,
                                &crew->board->workers[worker].endings[tried->ending],
                                injection->point_count);
    to->ending = *number;
}

static void collect_points(const struct crew *crew, void *owner, struct injection *injection) {
    for (size_t i = 0; i < crew->jobs; i++)
        if (crew->board->workers[i].point_count > injection->point_count)
            injection->point_count = crew->board->workers[i].point_count;
    injection->points = new_array(owner, struct point, injection->point_count);
    injection->endings = new_array(owner, struct ending, 1);
    injection->endings[0] = (struct ending){.kind = ENDING_WELL, .text = ""};
    injection->ending_count = 1;
    size_t most = (size_t)BOARD_JOBS * BOARD_ENDINGS;
    uint32_t *numbers = new_array(owner, uint32_t, most);
    memset(numbers, 0xff, most * sizeof *numbers);
    for (size_t i = 0; i < injection->point_count; i++)
        collect_point(crew, owner, injection, i, numbers);
    talloc_free(numbers);
}

static int by_point(const void *a, const void *b) {
    const struct signal_pair *one = a, *other = b;
    if (one->point != other->point)
        return one->point < other->point ? -1 : 1;
    return (one->instruction > other->instruction) - (one->instruction < other->instruction);
}

static void collect_pairs(const struct crew *crew, void *owner, struct injection *injection) {
    for (size_t i = 0; i < crew->jobs; i++) {
        const struct board_worker *worker = &crew->board->workers[i];
        injection->pairs_tried += worker->second_tried;
        for (size_t j = 0; j < worker->second_count; j++) {
            const struct board_second *second = &worker->seconds[j];
            uint32_t ending =
                ending_number(crew, owner, injection, &worker->endings[second->ending], 0);
            if (injection->endings[ending].kind == ENDING_WELL ||
                injection->endings[ending].kind == ENDING_UNJUDGED)
                continue;
            injection->pairs =
                grow_array(owner, injection->pairs, struct signal_pair, injection->pair_count + 1);
            injection->pairs[injection->pair_count++] =
                (struct signal_pair){second->point, second->instruction, ending};
        }
    }
    if (injection->pair_count > 0)
        qsort(injection->pairs, injection->pair_count, sizeof *injection->pairs, by_point);
}

static void collect_undisturbed(const struct board *board, void *owner,
                                struct run_outcome *outcome) {
    *outcome = (struct run_outcome){
        .end = board->undisturbed == FAMILY_KILLED ? RUN_SIGNALED : RUN_EXITED,
        .status = board->undisturbed_status,
        .output = never_null(talloc_strndup(owner, board->output[0], board->lengths[0])),
        .errors = never_null(talloc_strndup(owner, board->output[1], board->lengths[1]))};
}

/* "START-END r-xp OFFSET DEVICE INODE    PATH": those with an x. */
static void collect_maps(const struct board *board, void *owner, struct injection *injection) {
    for (const char *line = board->maps; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        struct symbols_map map;
        char permissions[5] = "";
        int path = 0;
        if (sscanf(line, "%lx-%lx %4s %lx %*s %*s %n", &map.start, &map.end, permissions,
                   &map.offset, &path) == 4 &&
            permissions[2] == 'x' && path > 0) {
            injection->maps =
                grow_array(owner, injection->maps, struct symbols_map, injection->map_count + 1);
            size_t name = (size_t)path < length ? length - (size_t)path : 0;
            map.path = never_null(talloc_strndup(owner, line + path, name));
            injection->maps[injection->map_count++] = map;
        }
        line += length + (line[length] == '\n');
    }
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
    *injection = (struct injection){.note = ""};
    double started = clock_seconds();
    int result = start_workers(&crew, error);
    if (result == 0)
        watch_workers(&crew, progress, data);
    stop_workers(&crew);
    if (result == 0)
        result = check_workers(&crew, error);
    if (result == 0) {
        collect_flags(&crew, owner, injection);
        collect_points(&crew, owner, injection);
        collect_pairs(&crew, owner, injection);
        collect_undisturbed(crew.board, owner, &injection->undisturbed);
        collect_maps(crew.board, owner, injection);
        injection->seconds = clock_seconds() - started;
    }
    board_free(crew.board);
    return result;
}
