/* SPDX-License-Identifier: MIT */
/*
 * `hazard explore` on whole programs. Each program below fixtures/explore says what must come of it in
 * its first lines: an "expect:" comment with a verdict, and the kind of the finding or a part of the
 * reason. Where it is found, a guilty location must be at a marked line if the program has marks.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/suite/marks.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

#define EXPLORE "tests/fixtures/explore/"

static json_t *explore(void *owner, const char *words) {
    char *line = talloc_asprintf(owner, "hazard explore --json --schedule=/dev/null %s", words);
    struct run_outcome outcome = command(owner, line);
    json_t *answer = answer_program(outcome.output);
    cr_assert(answer != NULL, "%s: no JSON: %s%s", line, outcome.output, outcome.errors);
    return answer;
}

struct expectation {
    char verdict[16], rest[64];
    char options[128]; /* of an "options:" comment, for the command */
};

static struct expectation read_expectation(const char *path) {
    struct expectation wanted = {0};
    char line[256];
    FILE *file = fopen(path, "re");
    cr_assert(file != NULL, "%s", path);
    for (int i = 0; i < 4 && fgets(line, sizeof line, file) != NULL; i++) {
        const char *at = strstr(line, "expect: ");
        if (at != NULL)
            sscanf(at, "expect: %15[a-z] %63[^*\n]", wanted.verdict, wanted.rest);
        at = strstr(line, "options: ");
        if (at != NULL)
            sscanf(at, "options: %127[^*\n]", wanted.options);
    }
    fclose(file);
    cr_assert(wanted.verdict[0] != '\0', "%s: no 'expect:' in its first lines", path);
    for (size_t end = strlen(wanted.rest); end > 0 && wanted.rest[end - 1] == ' '; end--)
        wanted.rest[end - 1] = '\0';
    return wanted;
}

static bool has_mark(const struct marks *marks, long long line) {
    bool has = false;
    for (size_t m = 0; m < marks->count; m++)
        has = has || marks->items[m].line == line;
    return has;
}

static bool is_marked(const struct marks *marks, const json_t *location) {
    bool marked = has_mark(marks, answer_number(location, "line"));
    size_t i;
    json_t *frame;
    json_array_foreach(json_object_get(location, "stack"), i, frame) marked =
        marked || has_mark(marks, answer_number(frame, "line"));
    return marked;
}

static void check_finding(void *owner, const char *path, const json_t *answer, const char *kind) {
    const json_t *finding = json_array_get(json_object_get(answer, "findings"), 0);
    cr_expect(strncmp(answer_word(finding, "kind"), kind, strcspn(kind, " ")) == 0,
              "%s: %s, not %s: %s", path, answer_word(finding, "kind"), kind,
              answer_word(finding, "message"));
    struct marks marks = {0};
    struct error error;
    cr_assert(marks_read(owner, path, &marks, &error) == 0, "%s", error.text);
    bool marked = marks.count == 0;
    size_t i;
    json_t *location;
    json_array_foreach(json_object_get(finding, "locations"), i, location) marked =
        marked || is_marked(&marks, location);
    cr_expect(marked, "%s: no location at a marked line", path);
}

static void check_program(const char *path) {
    void *owner = talloc_new(NULL);
    struct expectation wanted = read_expectation(path);
    json_t *answer = explore(owner, talloc_asprintf(owner, "%s %s", wanted.options, path));
    const char *verdict = answer_word(answer, "verdict");
    expect_text(verdict, wanted.verdict, "%s: %s %s", path, answer_word(answer, "detail"),
                answer_word(json_array_get(json_object_get(answer, "findings"), 0), "message"));
    if (strcmp(verdict, "found") == 0 && strcmp(wanted.verdict, "found") == 0)
        check_finding(owner, path, answer, wanted.rest);
    else if (strcmp(wanted.verdict, "proved") != 0 || strncmp(wanted.rest, "overtaken", 9) == 0)
        cr_expect(strstr(answer_word(answer, "detail"), wanted.rest) != NULL,
                  "%s: '%s' does not say '%s'", path, answer_word(answer, "detail"), wanted.rest);
    json_decref(answer);
    talloc_free(owner);
}

static void check_folder(const char *pattern) {
    glob_t programs;
    cr_assert(glob(pattern, 0, NULL, &programs) == 0, "%s", pattern);
    for (size_t i = 0; i < programs.gl_pathc; i++)
        check_program(programs.gl_pathv[i]);
    globfree(&programs);
}

Test(explore_programs, robust) {
    check_folder(EXPLORE "robust/*.c");
}
Test(explore_programs, recur) {
    check_folder(EXPLORE "recur/*.c");
}
Test(explore_programs, world_a_to_c) {
    check_folder(EXPLORE "world/[a-c]*.c");
}
Test(explore_programs, world_d_to_r) {
    check_folder(EXPLORE "world/[d-r]*.c");
}
Test(explore_programs, world_s_to_z) {
    check_folder(EXPLORE "world/[s-z]*.c");
}
Test(explore_programs, memory) {
    check_folder(EXPLORE "memory/*.c");
}
Test(explore_programs, calls) {
    check_folder(EXPLORE "calls/*.c");
}
Test(explore_programs, followed) {
    check_folder(EXPLORE "followed/*.c");
}
Test(explore_programs, litmus) {
    check_folder(EXPLORE "litmus/*.c");
}
Test(explore_programs, hidden) {
    check_folder(EXPLORE "hidden/*.c");
}
Test(explore_programs, states) {
    check_folder(EXPLORE "states/*.c");
}
Test(explore_programs, waiting) {
    check_folder(EXPLORE "waiting/*.c");
}
Test(explore_programs, hazard_h) {
    check_folder(EXPLORE "hazard-h/*.c");
}
Test(explore_programs, audit) {
    check_folder(EXPLORE "audit/*.c");
}

/* What another library does to its own data is held against its own locks. */
Test(explore_programs, another_library) {
    static const struct {
        const char *function, *verdict;
    } rows[] = {{"count_under", "proved"}, {"count_beside", "found"}};
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *line = talloc_asprintf(
            owner,
            "gcc -shared -fPIC -o %1$s/libcount.so " EXPLORE "library/count.c && "
            "hazard cc -DCOUNT=%2$s -o %1$s/caller " EXPLORE "library/caller.c -L%1$s -lcount "
            "-Wl,-rpath,%1$s && hazard explore --json --schedule=/dev/null %1$s/caller",
            folder, rows[i].function);
        struct run_outcome outcome = command(owner, line);
        json_t *answer = answer_program(outcome.output);
        cr_assert(answer != NULL, "%s: no JSON: %s%s", line, outcome.output, outcome.errors);
        expect_text(answer_word(answer, "verdict"), rows[i].verdict, "%s", line);
        json_decref(answer);
    }
    scratch_remove(folder);
    talloc_free(owner);
}

/* Exact numbers of complete executions: one for each Mazurkiewicz trace, none given up half-way. */
static const struct count {
    char options[16], program[16], args[8];
    long long executions;
} counts[] = {
    {"", "mutex", "2 1", 2},
    {"", "mutex", "2 2", 6},
    {"", "mutex", "2 3", 20},
    {"", "mutex", "2 4", 70},
    {"", "mutex", "2 5", 252},
    {"", "mutex", "2 6", 924},
    {"", "mutex", "2 7", 3432},
    {"", "mutex", "3 1", 6},
    {"", "mutex", "3 2", 90},
    {"", "mutex", "3 3", 1680},
    {"", "philosophers", "2", 2},
    {"", "philosophers", "3", 6},
    {"", "philosophers", "4", 24},
    {"", "philosophers", "5", 120},
    {"", "philosophers", "6", 720},
    {"", "philosophers", "7", 5040},
    {"", "readers", "1", 2},
    {"", "readers", "2", 4},
    {"", "readers", "3", 8},
    {"", "readers", "4", 16},
    {"", "readers", "5", 32},
    {"", "readers", "6", 64},
    {"", "readers", "7", 128},
    {"", "readers", "8", 256},
    {"", "readers", "9", 512},
    {"", "readers", "10", 1024},
    {"", "readers", "11", 2048},
    {"", "readers", "12", 4096},
    {"", "readers", "13", 8192},
    {"", "wait-long", "1", 4},
    {"", "wait-long", "6000", 4},
    {"", "lastzero", "2", 5},
    {"", "lastzero", "3", 12},
    {"", "lastzero", "4", 28},
    {"", "lastzero", "5", 64},
    {"", "lastzero", "6", 144},
    {"", "lastzero", "7", 320},
    {"", "lastzero", "8", 704},
    {"", "lastzero", "9", 1536},
    {"", "lastzero", "10", 3328},
    {"", "lastzero", "11", 7168},
    {"", "lastzero", "12", 15360},
    {"", "independent", "2", 1},
    {"", "independent", "8", 1},
    {"--jobs=2", "mutex", "2 6", 924},
    {"--parallel=2", "philosophers", "6", 720},
    {"--parallel=3", "lastzero", "8", 704},
};

Test(explore_programs, exact_counts) {
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const struct count *row = &counts[i];
        char *words = talloc_asprintf(owner, "--strategy=dpor %s " EXPLORE "counts/%s.c -- %s",
                                      row->options, row->program, row->args);
        json_t *answer = explore(owner, words);
        expect_text(answer_word(answer, "verdict"), "proved", "%s", words);
        cr_expect(eq(long, answer_number(answer, "executions"), row->executions), "%s", words);
        cr_expect(eq(long, answer_number(answer, "blocked"), 0), "%s: blocked", words);
        json_decref(answer);
    }
    talloc_free(owner);
}

/* Whatever the number of workers, the same comes of it. */
static const struct together {
    const char *words, *verdict;
} together[] = {
    {"--strategy=states " EXPLORE "states/bounded-buffer.c -- 2 2 2", "proved"},
    {"--strategy=states " EXPLORE "states/pool.c -- 2 4", "proved"},
    {EXPLORE "states/barrier-by-hand.c -- 3 2", "proved"},
    {"--strategy=states " EXPLORE "states/file-and-wait.c", "proved"},
    {"--strategy=states " EXPLORE "states/key-order.c", "found"},
    {"--strategy=states " EXPLORE "states/use-by-one-worker.c", "found"},
    {"--strategy=states " EXPLORE "states/which-file.c", "found"},
    {"--strategy=states --races=ignore " EXPLORE "states/use-of-pages.c", "proved"},
    {"--strategy=states --races=report " EXPLORE "states/use-of-pages.c", "found"},
    {"--strategy=states " EXPLORE "recur/livelock-beside-reader.c", "found"},
    {"--strategy=states --steps=20 " EXPLORE "states/bounded-buffer.c -- 1 1 3", "bounded"},
    {"--strategy=states " EXPLORE "robust/fork-while-others-wait.c", "unsupported"},
};

Test(explore_programs, workers_come_to_the_same) {
    static const char *const counts_of_states[] = {"states", "state-steps", "blocked"};
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof together / sizeof together[0]; i++) {
        const char *words = together[i].words;
        json_t *alone = explore(owner, words);
        expect_text(answer_word(alone, "verdict"), together[i].verdict, "%s", words);
        for (int jobs = 2; jobs <= 3; jobs++) {
            json_t *answer = explore(owner, talloc_asprintf(owner, "-j %d %s", jobs, words));
            expect_text(answer_word(answer, "verdict"), together[i].verdict, "-j %d %s", jobs,
                        words);
            expect_text(answer_word(answer, "detail"), answer_word(alone, "detail"), "-j %d %s",
                        jobs, words);
            cr_expect(
                json_equal(json_object_get(answer, "findings"), json_object_get(alone, "findings")),
                "-j %d %s: another finding", jobs, words);
            for (size_t c = 0; c < sizeof counts_of_states / sizeof *counts_of_states; c++)
                cr_expect(eq(long, answer_number(answer, counts_of_states[c]),
                             answer_number(alone, counts_of_states[c])),
                          "-j %d %s: %s", jobs, words, counts_of_states[c]);
            json_decref(answer);
        }
        json_decref(alone);
    }
    talloc_free(owner);
}

/* What is no part of a state makes no two of one. */
Test(explore_programs, states_hold_no_garbage) {
    static const struct {
        const char *words;
        long long at_most;
    } most[] = {
        {EXPLORE "states/chance-in-loop.c", 1400}, /* was 8,512 */
        {EXPLORE "states/bounded-buffer.c -- 2 2 2", 7200},
        {EXPLORE "states/pool.c -- 2 4", 1100},
    };
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        json_t *answer =
            explore(owner, talloc_asprintf(owner, "--strategy=states %s", most[i].words));
        long long states = answer_number(answer, "states");
        cr_expect(states > 0 && states <= most[i].at_most, "%s: %lld states", most[i].words,
                  states);
        json_decref(answer);
    }
    talloc_free(owner);
}

/* Found within so many executions; sampling, for a few seeds. */
static const struct hunt {
    char options[32], args[16];
    long long at_most;
} hunts[] = {
    {"", "3", 5},
    {"", "10", 10},
    {"", "50", 50},
    {"", "100", 100},
    {"", "10 first", 10},
    {"", "100 first", 100},
    {"--strategy=pos --seed=1", "100", 48},
    {"--strategy=pos --seed=2", "100", 48},
    {"--strategy=pos --seed=3", "10 first", 48},
};

Test(explore_programs, executions_to_the_first_bug) {
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof hunts / sizeof hunts[0]; i++) {
        char *words = talloc_asprintf(owner, "--races=ignore %s " EXPLORE "counts/reorder.c -- %s",
                                      hunts[i].options, hunts[i].args);
        json_t *answer = explore(owner, words);
        const json_t *finding = json_array_get(json_object_get(answer, "findings"), 0);
        expect_text(answer_word(finding, "kind"), "assertion", "%s", words);
        long long execution = answer_number(finding, "execution");
        cr_expect(execution >= 1 && execution <= hunts[i].at_most, "%s: execution %lld", words,
                  execution);
        json_decref(answer);
    }
    talloc_free(owner);
}
