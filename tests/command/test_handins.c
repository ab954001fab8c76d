/* SPDX-License-Identifier: MIT */
/*
 * The commonest shapes of hand-ins, as students write them (tests/fixtures/handins), each right and with its
 * usual bug: what the command answers. Of those that are found the finding's kind, at a marked line; of those that
 * are undecided that it says what to do now. docs/handins.md has the same with the default sizes.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/suite/marks.h"
#include "tests/support/answer.h"
#include "tests/support/workplace.h"

TestSuite(handins, .init = workplace_open, .fini = workplace_close, .timeout = 300);

#define HANDINS "$ROOT/tests/fixtures/handins/"
#define EXPLORE "hazard explore --json --schedule=/dev/null "
#define INJECT "hazard inject --json --child-exit --stdin " HANDINS "shell-short.in "

struct handin {
    char before[192]; /* what is done first; often nothing */
    char line[200];   /* the command, to the program... */
    char program[32]; /* ...where the marks are */
    char verdict[16];
    char kind[20]; /* of the first finding; "": none */
    char next[32]; /* of what to do now; "": nothing is said */
};

/* Is a location of any finding at a marked line of that file? */
static bool points_at_mark(const json_t *answer, const char *file) {
    struct marks marks = {0};
    struct error error;
    const char *path =
        talloc_asprintf(workplace.owner, "%s/tests/fixtures/handins/%s", workplace.root, file);
    cr_assert(marks_read(workplace.owner, path, &marks, &error) == 0, "%s", error.text);
    bool points = false;
    size_t i, j, m;
    json_t *finding, *location;
    json_array_foreach(json_object_get(answer, "findings"), i, finding) {
        json_array_foreach(json_object_get(finding, "locations"), j, location) {
            for (m = 0; m < marks.count; m++)
                points |= answer_number(location, "line") == marks.items[m].line;
        }
    }
    return points;
}

static void expect_handin(const struct handin *row) {
    if (*row->before != '\0')
        cr_assert(eq(int, in_folder(row->before).status, 0), "%s", row->before);
    struct run_outcome outcome = in_folder(row->line);
    json_t *answer = answer_program(outcome.output);
    cr_assert(answer != NULL, "%s: %s%s", row->line, outcome.output, outcome.errors);
    cr_expect(eq(str, (char *)answer_word(answer, "verdict"), (char *)row->verdict), "%s: %s",
              row->line, answer_word(answer, "detail"));
    const json_t *first = json_array_get(json_object_get(answer, "findings"), 0);
    cr_expect(eq(str, (char *)answer_word(first, "kind"), (char *)row->kind), "%s: %s", row->line,
              answer_word(first, "message"));
    const char *next = answer_word(answer, "next");
    bool says = row->next[0] == '\0' ? next[0] == '\0' : strstr(next, row->next) != NULL;
    cr_expect(says, "%s: %s", row->line, next);
    if (*row->kind != '\0' && strstr(row->line, "inject") != NULL)
        cr_expect(eq(sz, answer_count(answer, "findings"), 1), "%s: one cause", row->line);
    if (*row->kind != '\0')
        cr_expect(points_at_mark(answer, row->program), "%s", row->line);
    if (strcmp(row->verdict, "bounded") == 0 && strstr(row->line, "--executions") == NULL)
        cr_expect(strstr(answer_word(answer, "detail"), "the default budget was used up") != NULL,
                  "%s: %s", row->line, answer_word(answer, "detail"));
    json_decref(answer);
}

#define EXPECT(rows)                                                                               \
    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)                                     \
    expect_handin(&(rows)[i])

#define RIGHT(line, verdict, next)                                                                 \
    { "", line, "", verdict, "", next }
#define WRONG(line, program, kind)                                                                 \
    { "", line, program, "found", kind, "" }

Test(handins, threads) {
    static const struct handin rows[] = {
        RIGHT(EXPLORE HANDINS "buffer-right.c -- 2 1", "proved", ""),
        WRONG(EXPLORE HANDINS "buffer-wrong.c", "buffer-wrong.c", "exit"),
        RIGHT(EXPLORE HANDINS "pool-right.c -- 2 2", "proved", ""),
        WRONG(EXPLORE HANDINS "pool-wrong.c", "pool-wrong.c", "data-race"),
        RIGHT(EXPLORE HANDINS "readers-right.c -- 2 1 1", "proved", ""),
        WRONG(EXPLORE HANDINS "readers-wrong.c", "readers-wrong.c", "data-race"),
        RIGHT(EXPLORE HANDINS "hashtable-right.c", "proved", ""),
        WRONG(EXPLORE HANDINS "hashtable-wrong.c", "hashtable-wrong.c", "data-race"),
        RIGHT(EXPLORE HANDINS "barrier-right.c", "proved", ""),
        WRONG(EXPLORE HANDINS "barrier-wrong.c", "barrier-wrong.c", "deadlock"),
        WRONG(EXPLORE HANDINS "philosophers-wrong.c", "philosophers-wrong.c", "deadlock"),
    };
    EXPECT(rows);
}

/* (They do that in the other tests.) */
Test(handins, what_is_undecided_says_what_to_do_now) {
    static const struct handin rows[] = {
        RIGHT(EXPLORE HANDINS "philosophers-right.c", "bounded", "polls a clock"),
        RIGHT(EXPLORE "--executions=200 " HANDINS "buffer-right.c", "bounded", "behind --"),
        RIGHT(EXPLORE HANDINS "shell-right.c", "unsupported", "hazard inject --child-exit"),
        RIGHT(EXPLORE HANDINS "proxy-right.c -- 0", "unsupported", "hazard check --server"),
        RIGHT("hazard probe --json " HANDINS "proxy-right.c -- 0", "unsupported", ""),
    };
    EXPECT(rows);
}

Test(handins, proxies_behind_which_is_an_origin) {
    static const struct handin rows[] = {
        RIGHT("hazard probe --json --origin " HANDINS "proxy-right.c -- 0", "silent", ""),
        WRONG("hazard probe --json --origin " HANDINS "proxy-wrong.c -- 0", "proxy-wrong.c",
              "blocked-client"),
    };
    EXPECT(rows);
}

/* One job is enough here: each one more is some thousand points. */
Test(handins, shells) {
    static const struct handin rows[] = {
        RIGHT(INJECT HANDINS "shell-right.c", "proved", ""),
        WRONG(INJECT HANDINS "shell-wrong.c", "shell-wrong.c", "lost-wakeup"),
    };
    EXPECT(rows);
}

/* One source, with five usual bugs: for each of them one finding, and it is called what it is. */
#define VARIANT(in, options)                                                                       \
    "hazard inject --json --child-exit --stdin " HANDINS in " " options HANDINS "shell-bugs.c"

Test(handins, a_shell_with_each_of_five_usual_bugs) {
    static const struct handin rows[] = {
        RIGHT(VARIANT("shell-background.in", ""), "proved", ""),
        WRONG(VARIANT("shell-short.in", "-DFORK_BEFORE_BLOCK "), "shell-bugs.c", "lost-wakeup"),
        WRONG(VARIANT("shell-short.in", "-DWINDOW "), "shell-bugs.c", "lost-wakeup"),
        WRONG(VARIANT("shell-background.in", "-DPRINTF_IN_HANDLER "), "shell-bugs.c",
              "signal-unsafe-call"),
        WRONG(VARIANT("shell-background.in", "-DREAD_UNBLOCKED "), "shell-bugs.c", "crash"),
        WRONG(VARIANT("shell-two.in", "--from=waitfg --points=300 -DONE_WAITPID "), "shell-bugs.c",
              "lost-wakeup"),
    };
    EXPECT(rows);
}

#define COPY "cp -r " HANDINS
#define CMAKE " && hazard make cmake -B build && hazard make cmake --build build"

Test(handins, projects) {
    static const struct handin rows[] = {
        {COPY "make-right mr && hazard make -C mr", EXPLORE "mr/crawler", "", "proved", "", ""},
        {COPY "make-wrong mw && hazard make -C mw", EXPLORE "mw/crawler",
         "make-wrong/queue/queue.c", "found", "data-race", ""},
        {COPY "cmake-right/. ." CMAKE, EXPLORE "build/teller", "", "proved", "", ""},
        {"rm -r build bank && " COPY "cmake-wrong/. ." CMAKE, EXPLORE "build/teller",
         "cmake-wrong/bank/bank.c", "found", "deadlock", ""},
    };
    EXPECT(rows);
}

/* An exit status that hangs on the schedule is no warning there either. */
Test(handins, an_exit_that_hangs_on_the_schedule_fails_a_check) {
    json_t *answer =
        answer_in_folder("hazard check --json --with explore " HANDINS "buffer-wrong.c", 1);
    const json_t *result = json_array_get(json_object_get(answer, "results"), 0);
    cr_expect(strcmp(answer_word(result, "verdict"), "found") == 0, "%s",
              answer_word(result, "detail"));
    json_decref(answer);
}

/* Their clients speak HTTP, as the server does not echo. */
static void expect_server(const char *tool, const char *program, const char *verdict, int status) {
    json_t *answer = answer_in_folder(
        talloc_asprintf(workplace.owner,
                        "hazard check --json --server --with %s --runs 1 " HANDINS "%s -- 0", tool,
                        program),
        status);
    const json_t *result = json_array_get(json_object_get(answer, "results"), 0);
    cr_expect(eq(str, (char *)answer_word(result, "verdict"), (char *)verdict), "%s: %s", program,
              answer_word(result, "detail"));
    if (status != 0)
        cr_expect(points_at_mark(result, program), "%s", program);
    json_decref(answer);
}

Test(handins, proxies) {
    expect_server("tsan-gcc", "proxy-right.c", "silent", 0);
    expect_server("tsan-gcc", "proxy-wrong.c", "found", 1);
    expect_server("drd", "proxy-right.c", "silent", 0);
    expect_server("drd", "proxy-wrong.c", "found", 1);
}
