/* SPDX-License-Identifier: MIT */
/* Workers that end well, fail, die, answer late or at length; and how many there are at once. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/suite/jobs.h"
#include "run/run.h"
#include "tests/support/text.h"

/* What a worker does. */
enum deed {
    ANSWERS,
    ANSWERS_LATE,      /* when another job is done */
    ANSWERS_TOGETHER,  /* when as many as were asked for are at work */
    ANSWERS_AT_LENGTH, /* more than a pipe holds */
    ANSWERS_NOTHING,
    EXITS,     /* without an answer */
    CRASHES,   /* likewise */
    IS_KILLED, /* likewise */
    LIES,      /* writes an answer by itself, then is killed */
    STAYS,     /* does not end before it gets SIGTERM */
    INTERRUPTS /* sends SIGINT to hazard, until it gets SIGTERM */
};
enum { MOST_JOBS = 12, LENGTH = 1000000, MOST_DESCRIPTORS = 256, PATIENCE = 10000 };

/* What the workers and the test see of each other. */
struct jobs_seen {
    int at_work, most_at_work, done;
};

struct jobs_case {
    enum deed deeds[MOST_JOBS];
    int parallel;
    bool loses;   /* a worker that dies stops nobody */
    size_t lost;  /* of them */
    int stops_at; /* the job whose answer ends everything; -1: none */
    struct jobs_seen *seen;
    bool open_before[MOST_DESCRIPTORS]; /* descriptors that are not jobs_run's */
    size_t order[MOST_JOBS];
    size_t done;
};

TestSuite(jobs, .timeout = 300);

static void note_descriptors(bool *open) {
    for (int fd = 0; fd < MOST_DESCRIPTORS; fd++)
        open[fd] = fcntl(fd, F_GETFD) != -1;
}

/* ---- The workers --------------------------------------------------------------------- */

static int load(const int *number) {
    return __atomic_load_n(number, __ATOMIC_SEQ_CST);
}

/* A worker that waits in vain ends without an answer, and its test fails. */
static void wait_until(const int *number, int least) {
    for (int i = 0; load(number) < least; i++) {
        if (i == PATIENCE)
            _exit(4);
        usleep(1000);
    }
}

static void come_to_work(struct jobs_seen *seen) {
    int now = __atomic_add_fetch(&seen->at_work, 1, __ATOMIC_SEQ_CST),
        most = load(&seen->most_at_work);
    while (now > most && !__atomic_compare_exchange_n(&seen->most_at_work, &most, now, 0,
                                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        ;
}

/* Into the pipe for its answer: of what jobs_run opened, that which can be written. */
static void lie(const bool *open_before) {
    for (int fd = 0; fd < MOST_DESCRIPTORS; fd++)
        if (!open_before[fd] && fcntl(fd, F_GETFD) != -1 &&
            (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY && write(fd, "[0]", 3) == 3)
            raise(SIGKILL);
    _exit(3);
}

static void stay(pid_t interrupted) {
    while (!run_interrupted()) {
        if (interrupted > 0)
            kill(interrupted, SIGINT);
        usleep(1000);
    }
}

/* An array of one value. */
static json_t *answer_of(size_t index, enum deed deed) {
    if (deed != ANSWERS_AT_LENGTH)
        return json_integer((json_int_t)index);
    char *text = malloc(LENGTH);
    memset(text, 'a' + (int)index, LENGTH);
    return json_stringn_nocheck(text, LENGTH);
}

static json_t *work(size_t index, void *context) {
    struct jobs_case *test = context;
    come_to_work(test->seen);
    switch (test->deeds[index]) {
    case ANSWERS:
    case ANSWERS_AT_LENGTH:
        break;
    case ANSWERS_LATE:
        wait_until(&test->seen->done, 1);
        break;
    case ANSWERS_TOGETHER:
        wait_until(&test->seen->most_at_work, test->parallel);
        usleep(10000); /* time for one too many to come */
        break;
    case ANSWERS_NOTHING:
        return NULL;
    case EXITS:
        _exit(0);
    case CRASHES:
        signal(SIGABRT, SIG_DFL);
        abort();
    case IS_KILLED:
        raise(SIGKILL);
        break;
    case LIES:
        lie(test->open_before);
        break;
    case STAYS:
        stay(0);
        break;
    case INTERRUPTS:
        stay(getppid());
        break;
    }
    __atomic_sub_fetch(&test->seen->at_work, 1, __ATOMIC_SEQ_CST);
    return answer_of(index, test->deeds[index]);
}

/* ---- The test ------------------------------------------------------------------------ */

static int done(size_t index, json_t *answer, void *context, struct error *error) {
    struct jobs_case *test = context;
    test->order[test->done++] = index;
    __atomic_add_fetch(&test->seen->done, 1, __ATOMIC_SEQ_CST);
    const json_t *value = answer;
    if (test->deeds[index] == ANSWERS_AT_LENGTH) {
        cr_assert(eq(sz, json_string_length(value), LENGTH), "job %zu", index);
        cr_expect(eq(int, json_string_value(value)[LENGTH - 1], 'a' + (int)index), "job %zu",
                  index);
    } else
        cr_expect(eq(int, (int)json_integer_value(value), (int)index), "job %zu", index);
    return (int)index == test->stops_at ? fail(error, "enough") : 0;
}

static int lose(size_t index, int status, void *context, struct error *error) {
    struct jobs_case *test = context;
    (void)error;
    cr_expect(ne(int, (int)test->deeds[index], ANSWERS), "job %zu: status %d", index, status);
    test->lost++;
    return 0;
}

static bool has_children(void) {
    return waitpid(-1, NULL, WNOHANG) != -1 || errno != ECHILD;
}

/* Runs the first `count` jobs. Neither a child nor a descriptor is left. */
static int run_case(struct jobs_case *test, size_t count, struct error *error) {
    bool open_after[MOST_DESCRIPTORS];
    const struct jobs jobs = {.count = count,
                              .parallel = test->parallel,
                              .work = work,
                              .done = done,
                              .lost = test->loses ? lose : NULL,
                              .context = test};
    test->seen =
        mmap(NULL, sizeof *test->seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert(test->seen != MAP_FAILED);
    note_descriptors(test->open_before);
    int result = jobs_run(&jobs, error);
    note_descriptors(open_after);
    /* Who dies does not count itself out. */
    if (!test->loses)
        cr_expect(le(int, test->seen->most_at_work, test->parallel > 0 ? test->parallel : 1));
    cr_expect(not(has_children()), "a child is left");
    cr_expect(memcmp(open_after, test->open_before, sizeof open_after) == 0,
              "a descriptor is left");
    return result;
}

static const struct jobs_row {
    char about[40];
    enum deed deeds[MOST_JOBS];
    size_t count;
    int parallel, stops_at;
    size_t done;
    char error[64]; /* a part of it; "": none */
} jobs_rows[] = {
    {"no job", {0}, 0, 2, -1, 0, ""},
    {"one", {ANSWERS}, 1, 1, -1, 1, ""},
    {"more than workers", {0}, 5, 2, -1, 5, ""},
    {"fewer than workers", {0}, 2, 8, -1, 2, ""},
    {"no parallel is one", {0}, 3, 0, -1, 3, ""},
    {"a late one", {ANSWERS_LATE, ANSWERS, ANSWERS}, 3, 2, -1, 3, ""},
    {"a long answer", {ANSWERS_AT_LENGTH}, 1, 1, -1, 1, ""},
    {"long answers at once", {ANSWERS_AT_LENGTH, ANSWERS_AT_LENGTH}, 2, 2, -1, 2, ""},
    {"a worker answers nothing", {ANSWERS_NOTHING}, 1, 1, -1, 0, "ended without an answer"},
    {"a worker exits", {EXITS}, 1, 1, -1, 0, "ended without an answer (status 0)"},
    {"a worker crashes", {CRASHES}, 1, 1, -1, 0, "ended without an answer"},
    {"a worker is killed", {IS_KILLED}, 1, 1, -1, 0, "ended without an answer (status 9)"},
    {"a killed worker has lied", {LIES}, 1, 1, -1, 0, "ended without an answer (status 9)"},
    {"others go down with it", {STAYS, IS_KILLED}, 2, 2, -1, 0, "without an answer (status 9)"},
    {"the first answer stops all", {0}, 5, 1, 0, 1, "enough"},
    {"the third answer stops all", {0}, 5, 1, 2, 3, "enough"},
    {"an answer stops one at work", {ANSWERS, STAYS}, 2, 2, 0, 1, "enough"},
};

Test(jobs, end_as_their_workers_do) {
    for (size_t i = 0; i < sizeof jobs_rows / sizeof *jobs_rows; i++) {
        const struct jobs_row *row = &jobs_rows[i];
        struct jobs_case test = {.stops_at = row->stops_at, .parallel = row->parallel};
        struct error error = {""};
        memcpy(test.deeds, row->deeds, sizeof test.deeds);
        int result = run_case(&test, row->count, &error);
        cr_expect(eq(int, result, row->error[0] == '\0' ? 0 : -1), "%s: %s", row->about,
                  error.text);
        cr_expect(eq(sz, test.done, row->done), "%s", row->about);
        cr_expect(strstr(error.text, row->error) != NULL, "%s: %s", row->about, error.text);
    }
}

Test(jobs, go_on_where_those_that_die_may_be_lost) {
    struct jobs_case test = {
        .deeds = {IS_KILLED, ANSWERS, CRASHES, EXITS, ANSWERS_NOTHING, LIES, ANSWERS},
        .stops_at = -1,
        .parallel = 2,
        .loses = true};
    cr_expect(eq(int, run_case(&test, 7, NULL), 0));
    cr_expect(eq(sz, test.done, 2));
    cr_expect(eq(sz, test.lost, 5));
}

Test(jobs, answers_come_in_the_order_in_which_workers_end) {
    struct jobs_case test = {.deeds = {ANSWERS_LATE, ANSWERS}, .stops_at = -1, .parallel = 2};
    cr_expect(eq(int, run_case(&test, 2, NULL), 0));
    cr_expect(eq(sz, test.order[0], 1));
    cr_expect(eq(sz, test.order[1], 0));
}

Test(jobs, one_at_a_time_are_in_order) {
    struct jobs_case test = {.stops_at = -1, .parallel = 1};
    cr_expect(eq(int, run_case(&test, 3, NULL), 0));
    for (size_t i = 0; i < 3; i++)
        cr_expect(eq(sz, test.order[i], i), "job %zu", i);
}

Test(jobs, as_many_as_asked_for_work_at_once) {
    for (int parallel = 1; parallel <= 4; parallel++) {
        struct jobs_case test = {.stops_at = -1, .parallel = parallel};
        for (size_t i = 0; i < MOST_JOBS; i++)
            test.deeds[i] = ANSWERS_TOGETHER;
        cr_expect(eq(int, run_case(&test, MOST_JOBS, NULL), 0), "%d at once", parallel);
        cr_expect(eq(int, test.seen->most_at_work, parallel), "%d at once", parallel);
    }
}

Test(jobs, the_user_interrupts) {
    struct jobs_case test = {.deeds = {STAYS, INTERRUPTS}, .stops_at = -1, .parallel = 2};
    struct error error = {""};
    signal(SIGINT, SIG_DFL); /* whoever starts the tests in the background has it ignored */
    run_catch_interrupts();
    cr_expect(eq(int, run_case(&test, 2, &error), -1));
    expect_text(error.text, "interrupted");
    cr_expect(run_interrupted());
}
