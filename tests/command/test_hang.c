/* SPDX-License-Identifier: MIT */
/*
 * A program that gets stuck under ThreadSanitizer, which says nothing of it: a deadlock is told with every
 * thread, what it waits for, and who has that; who may be waiting for somebody is left alone.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/suite/marks.h"
#include "tests/support/answer.h"
#include "tests/support/workplace.h"

TestSuite(hang, .init = workplace_open, .fini = workplace_close, .timeout = 300);

static const struct row {
    char way[16];
    int status;
    char verdict[12];
    char detail[64];   /* somewhere in it */
    char message[48];  /* of the deadlock; "": there is none */
    char doing[3][72]; /* of the guilty threads, by number; "": there are no more */
    size_t context;
} rows[] = {
    {"circle",
     1,
     "found",
     "stuck: 3 threads",
     "two threads wait for each other",
     {"waits in pthread_mutex_lock for mutex locks[1], held by thread 3",
      "waits in pthread_mutex_lock for mutex locks[0], held by thread 2"},
     1},
    {"wakeup",
     1,
     "found",
     "stuck: 2 threads",
     "both threads wait, and nothing can wake one",
     {"waits in pthread_join for the end of thread 2",
      "waits in pthread_cond_wait for condition variable ready"},
     0},
    {"joins",
     1,
     "found",
     "stuck: 3 threads",
     "3 threads wait for each other in a circle",
     {"waits in pthread_join for the end of thread 3",
      "waits in pthread_join for the end of thread 4",
      "waits in pthread_join for the end of thread 2"},
     0},
    {"twice",
     1,
     "found",
     "stuck: 1 thread",
     "a thread waits for itself",
     {"waits in pthread_mutex_lock for mutex M1, held by itself"},
     0},
    {"pause", 3, "hung", "main thread waits in pause, which may end from outside", "", {""}, 0},
    {"handler", 3, "hung", "the handler of SIGINT may wake one", "", {""}, 0},
    {"fifo $PWD/f",
     3,
     "hung",
     "main thread waits in read, which may end from outside",
     "",
     {""},
     0},
    {"spin", 3, "hung", "still running after", "", {""}, 0},
    {"input", 0, "silent", "exit 0", "", {""}, 0},
};

static const json_t *deadlock_of(const json_t *result) {
    size_t i;
    json_t *finding;
    json_array_foreach(json_object_get(result, "findings"), i, finding) {
        if (strcmp(answer_word(finding, "kind"), "deadlock") == 0)
            return finding;
    }
    return NULL;
}

/* Does the deadlock say of each thread what it waits for, at a marked line or where it joins? */
static void expect_threads(const struct row *row, const char *file, const json_t *deadlock) {
    struct marks marks = {0};
    struct error error;
    size_t i, marked = 0;
    json_t *location;
    cr_assert(marks_read(workplace.owner, file, &marks, &error) == 0, "%s", error.text);
    json_array_foreach(json_object_get(deadlock, "locations"), i, location) {
        cr_assert(lt(sz, i, 3), "%s", row->way);
        cr_expect(strcmp(answer_word(location, "doing"), row->doing[i]) == 0, "%s: %s", row->way,
                  answer_word(location, "doing"));
        cr_expect(strcmp(answer_word(location, "file"), file) == 0, "%s", row->way);
        for (size_t m = 0; m < marks.count; m++)
            marked += marks.items[m].line == answer_number(location, "line");
    }
    cr_expect(i == 3 || *row->doing[i] == '\0', "%s: %zu threads", row->way, i);
    cr_expect(gt(sz, marked, 0), "%s", row->way);
    cr_expect(eq(sz, answer_count(deadlock, "context"), row->context), "%s", row->way);
}

static void expect_row(const char *detector, const struct row *row) {
    const char *limit = strcmp(row->way, "spin") == 0 ? "1" : "60";
    const char *line = talloc_asprintf(
        workplace.owner,
        "hazard check --json --runs 1 --time-limit %s --with %s $PROGRAMS/hangs.c -- %s", limit,
        detector, row->way);
    struct run_outcome outcome = in_folder(line);
    json_t *answer = answer_program(outcome.output);
    cr_assert(eq(int, outcome.status, row->status), "%s\n%s%s", line, outcome.output,
              outcome.errors);
    json_t *result = json_array_get(json_object_get(answer, "results"), 0);
    const json_t *deadlock = deadlock_of(result);
    cr_expect(strcmp(answer_word(result, "verdict"), row->verdict) == 0, "%s", line);
    cr_expect(strstr(answer_word(result, "detail"), row->detail) != NULL, "%s: %s", line,
              answer_word(result, "detail"));
    bool found = deadlock != NULL, expected = *row->message != '\0';
    cr_assert(found == expected, "%s\n%s", line, outcome.output);
    if (deadlock != NULL) {
        cr_expect(strcmp(answer_word(deadlock, "message"), row->message) == 0, "%s: %s", line,
                  answer_word(deadlock, "message"));
        expect_threads(row, answer_word(answer, "program"), deadlock);
    }
    json_decref(answer);
}

Test(hang, under_clangs_tsan) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_row("tsan", &rows[i]);
}

Test(hang, under_gccs_tsan) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_row("tsan-gcc", &rows[i]);
}

/* In the suite the column is the tool's own word. */
Test(hang, of_the_suite_stays_hung) {
    struct run_outcome outcome =
        in_folder("hazard check --runs 1 --with tsan-gcc $ROOT/buggy/pipe-deadlock.c");
    cr_expect(eq(int, outcome.status, 3), "%s%s", outcome.output, outcome.errors);
    cr_expect(strstr(outcome.output, "as expected; stuck: ") != NULL, "%s", outcome.output);
    cr_expect(strstr(outcome.output, "deadlock: ") == NULL, "%s", outcome.output);
}
