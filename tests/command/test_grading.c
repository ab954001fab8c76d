/* SPDX-License-Identifier: MIT */
/* `hazard grade ASSIGNMENT HANDIN...`: the hand-ins of tests/fixtures/assignments/handed, and what is no hand-in. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/catalog/catalog.h"
#include "hazard/grade/ready.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

TestSuite(grading, .init = workplace_open, .fini = workplace_close, .timeout = 600);

#define ASSIGNMENTS "$ROOT/tests/fixtures/assignments/"
#define GRADE "hazard grade --format=json " ASSIGNMENTS "tally "

static struct run_outcome grade(const char *line, int status) {
    struct run_outcome outcome = in_folder(line);
    cr_expect(eq(int, outcome.status, status), "%s\n%s%s", line, outcome.output, outcome.errors);
    return outcome;
}

/* "races partial 1/5, ...": all marks. */
static const char *marks_of(const char *said) {
    json_t *answer = json_loads(said, 0, NULL);
    const json_t *marks = json_object_get(answer, "marks");
    char *words = talloc_strdup(workplace.owner, "");
    size_t i;
    json_t *mark;
    json_array_foreach(marks, i, mark) words = talloc_asprintf_append(
        words, "%s%s %s %d/%d", i > 0 ? ", " : "", answer_word(mark, "name"),
        answer_word(mark, "state"), answer_number(mark, "points"), answer_number(mark, "most"));
    json_decref(answer);
    return words;
}

Test(grading, each_hand_in_gets_its_marks) {
    static const struct {
        const char *handin;
        int status;
        const char *marks, *word;
    } rows[] = {
        {"right", 0,
         "races passed 5/5, at-once passed 3/3, drd passed 1/1, result passed 1/1, giant passed "
         "0/0",
         "two at once"},
        {"racy", 1,
         "races partial 1/5, at-once skipped 0/3, drd failed 0/1, result passed 1/1, giant passed "
         "0/0",
         "data race on `total`"},
        {"serial", 1,
         "races passed 5/5, at-once failed 0/3, drd passed 1/1, result passed 1/1, giant passed "
         "0/0",
         "no schedule comes to"},
        {"hides", 1,
         "races failed 0/5, at-once failed 0/3, drd failed 0/1, result failed 0/1, giant failed "
         "-2/0",
         "no_sanitize"},
        {"broken", 1,
         "races failed 0/5, at-once failed 0/3, drd failed 0/1, result failed 0/1, giant failed "
         "-2/0",
         "the hand-in does not compile"},
        {"missing-function", 1,
         "races failed 0/5, at-once failed 0/3, drd failed 0/1, result failed 0/1, giant failed "
         "-2/0",
         "undefined reference to `tally_get'"},
        /* 64: none of what it tried. */
        {"spies", 3,
         "races undecided 0/5, at-once skipped 0/3, drd failed 0/1, result failed 0/1, giant "
         "failed -2/0",
         "the program failed: exit 64"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run_outcome outcome =
            grade(talloc_asprintf(workplace.owner, GRADE ASSIGNMENTS "handed/%s", rows[i].handin),
                  rows[i].status);
        expect_text(marks_of(outcome.output), rows[i].marks, "%s", rows[i].handin);
        cr_expect(strstr(outcome.output, rows[i].word) != NULL, "%s: %s", rows[i].handin,
                  outcome.output);
    }
}

/* Of explore: where DRD saw the other thread is chance. */
Test(grading, the_same_hand_in_gives_the_same_bytes) {
    grade("hazard copy counter", 0);
    const char *first = grade("hazard grade --format=json counter counter/counter.c", 1).output;
    mkdir(workplace_path("a b"), 0700);
    in_folder("cp -r counter 'a b/counter.c'");
    expect_text(grade("hazard grade --format=json counter 'a b/counter.c'", 1).output, first);
    cr_expect(strstr(first, workplace.folder) == NULL && strstr(first, "/tmp") == NULL);
    expect_text(grade(GRADE ASSIGNMENTS "handed/missing-function", 1).output,
                grade(GRADE ASSIGNMENTS "handed/missing-function", 1).output);
}

/* A driver's lines are not shown, whoever is at fault, nor where they would be. */
Test(grading, what_is_the_teachers_is_not_shown) {
    const char *said = grade(GRADE ASSIGNMENTS "handed/racy", 1).output;
    cr_expect(strstr(said, "tally.c:7") != NULL && strstr(said, "tally_add(*(int") == NULL, "%s",
              said);
    cr_expect(strstr(said, "driver.c:") == NULL && strstr(said, "7 | total +=") != NULL, "%s",
              said);
}

static void hand_in(const char *name, const char *text) {
    write_file(workplace.owner, workplace.folder, name, text);
}

Test(grading, what_is_no_hand_in_is_refused_in_a_sentence) {
    static const struct {
        const char *prepare, *handin;
        int status;
        const char *word;
    } rows[] = {
        {"mkdir none", "none", 1, "tally.c is missing"},
        {"mkdir other; touch other/main.c", "other", 1, "tally.c is missing; there is main.c"},
        {"mkdir -p folder/tally.c", "folder", 1, "tally.c is no regular file"},
        {"mkdir fifo; mkfifo fifo/tally.c", "fifo", 1, "tally.c is no regular file"},
        {"mkdir link; ln -s /etc/passwd link/tally.c", "link", 1, "tally.c is a link"},
        {"mkdir empty; : > empty/tally.c", "empty", 1, "tally.c is empty"},
        {"mkdir zero; printf 'int\\0' > zero/tally.c", "zero", 1, "tally.c is no text"},
        {"mkdir large; truncate -s 1G large/tally.c", "large", 1, "tally.c is too large"},
        {"mkdir noise; head -c 3000 /dev/urandom | tr -d '\\0' > noise/tally.c", "noise", 1,
         "refused"},
        {"mkfifo pipe", "pipe", 1, "no regular file"},
        {":", "nowhere", 2, "cannot read the hand-in nowhere"},
        {"cp -r " ASSIGNMENTS "handed/right ./-o", "-- -o", 0, "passed"},
        {"cp -r " ASSIGNMENTS "handed/right 'new\nline x'", "'new\nline x'", 0, "new line x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        in_folder(rows[i].prepare);
        bool dashes = strncmp(rows[i].handin, "-- ", 3) == 0;
        struct run_outcome outcome = grade(
            talloc_asprintf(workplace.owner, "hazard grade --format=json %s" ASSIGNMENTS "tally %s",
                            dashes ? "-- " : "", rows[i].handin + (dashes ? 3 : 0)),
            rows[i].status);
        cr_expect(strstr(outcome.output, rows[i].word) != NULL ||
                      strstr(outcome.errors, rows[i].word) != NULL,
                  "%s: %s%s", rows[i].handin, outcome.output, outcome.errors);
    }
}

#define BEGIN "title: T\nfiles:\n  - name: a.c\n"
#define CHECK "checks:\n  - name: c\n    with: explore\n    points: 1\n"

Test(grading, a_wrong_assignment_is_told_with_its_line) {
    static const struct {
        const char *yaml, *said;
    } rows[] = {
        {"title: T\n", "the key 'files' is missing"},
        {BEGIN "nonsense: 1\n" CHECK, ":4: unknown key 'nonsense'"},
        {BEGIN "driver: [main.c]\n" CHECK, ":4: cannot read main.c: No such file"},
        {BEGIN "driver: [../main.c]\n" CHECK, ":4: '../main.c' has to be a path below"},
        {BEGIN CHECK "    requires: [d]\n", ":8: there is no check 'd' before this one"},
        {BEGIN CHECK "    partial: {nonsense: 1}\n", ":8: unknown kind 'nonsense'"},
        {BEGIN CHECK "    label: x\n", ":8: 'label' is not for a check with explore"},
        {BEGIN CHECK "    undecided: 2\n", ":8: 'undecided' is from 0 to 1"},
        {BEGIN "checks:\n  - name: c\n    with: concurrency\n    points: 1\n",
         ":5: a check with concurrency needs 'label'"},
        {BEGIN "checks:\n  - name: c\n    with: guess\n    points: 1\n",
         ":6: unknown with 'guess'"},
        {"title: T\nfiles:\n  - name: a.h\n" CHECK, "no C file is asked for"},
        {"title: [\n", ":2: "},
    };
    mkdir(workplace_path("wrong"), 0700);
    hand_in("a.c", "int main(void) { return 0; }\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        hand_in("wrong/assignment.yaml", rows[i].yaml);
        struct run_outcome outcome = grade("hazard grade wrong a.c", 2);
        cr_expect(strstr(outcome.errors, rows[i].said) != NULL &&
                      strstr(outcome.errors, "wrong/assignment.yaml:") != NULL,
                  "%s: %s", rows[i].said, outcome.errors);
    }
}

Test(grading, a_driver_that_does_not_compile_costs_no_points) {
    mkdir(workplace_path("wrong"), 0700);
    hand_in("wrong/main.c", "int main(void) { return nothing; }\n");
    hand_in("wrong/assignment.yaml", BEGIN "driver: [main.c]\n" CHECK);
    hand_in("a.c", "int a;\n");
    struct run_outcome outcome = grade("hazard grade --format=json wrong a.c", 2);
    cr_expect(strstr(outcome.output, "the assignment's driver does not compile") != NULL, "%s",
              outcome.output);
    cr_expect(strstr(outcome.output, "\"end\": \"broken\"") != NULL, "%s", outcome.output);
}

Test(grading, formats_are_known_before_anything_is_graded) {
    struct run_outcome outcome = grade("hazard grade --format=gradscope counter nowhere.c", 2);
    cr_expect(strstr(outcome.errors, "did you mean 'gradescope'") != NULL, "%s", outcome.errors);
    outcome = grade("hazard grade --format=json:f counter a.c b.c", 2);
    cr_expect(strstr(outcome.errors, "2 hand-ins") != NULL, "%s", outcome.errors);
}

/* ---- Hazards of the suite ---------------------------------------------------------------------- */

Test(grading, each_hazard_is_an_assignment) {
    struct error error;
    const struct catalog *catalog = catalog_load(workplace.owner, workplace.root, &error);
    cr_assert(catalog != NULL && catalog->count > 30);
    for (size_t i = 0; i < catalog->count; i++) {
        const struct assignment *assignment =
            ready_assignment(workplace.owner, catalog, &catalog->hazards[i]);
        int sum = 0;
        for (size_t j = 0; j < assignment->check_count; j++)
            sum += assignment->checks[j].points;
        cr_expect(assignment->check_count > 0 && sum == assignment->most, "%s", assignment->name);
    }
}

Test(grading, starters_and_decoys_lose_points_and_fixes_do_not) {
    static const struct {
        const char *words;
        int status;
    } rows[] = {{"counter $ROOT/buggy/counter.c", 1},
                {"counter $ROOT/buggy/counter-volatile.c", 1},
                {"counter $ROOT/fixed/counter-atomic.c", 0},
                {"pause-race $ROOT/buggy/pause-race.c", 1},
                {"pause-race $ROOT/fixed/pause-race.c", 0},
                {"iterative-server $ROOT/buggy/iterative-server.c", 1},
                {"iterative-server $ROOT/fixed/iterative-server-thread.c", 0},
                {"pipe-deadlock $ROOT/buggy/pipe-deadlock.c", 1},
                {"stdio-fork $ROOT/fixed/stdio-fork.c", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        grade(talloc_asprintf(workplace.owner, "hazard grade %s", rows[i].words), rows[i].status);
}

/* The student's own copy, and the schedule as it is attached. */
Test(grading, a_schedule_is_replayed_at_home) {
    grade("hazard copy counter", 0);
    json_t *answer =
        json_loads(grade("hazard grade --format=json counter counter", 1).output, 0, NULL);
    const json_t *attachment =
        json_object_get(json_array_get(json_object_get(answer, "marks"), 0), "attachment");
    hand_in("counter/explore.schedule", answer_word(attachment, "text"));
    struct run_outcome outcome = in_folder("cd counter && hazard replay explore.schedule");
    cr_expect(strstr(outcome.output, "data race on `total`") != NULL, "%s%s", outcome.output,
              outcome.errors);
    json_decref(answer);
}
