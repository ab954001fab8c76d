/* SPDX-License-Identifier: MIT */
/*
 * Whatever a program does not to end, hazard ends it by its limits, says so, and leaves no process
 * behind. Who is left is known by an argument that nobody else has.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/answer.h"
#include "tests/support/workplace.h"

TestSuite(limits, .init = workplace_open, .fini = workplace_close, .timeout = 300);

#define LEFT_BEHIND 99
#define ALL "tsan,tsan-gcc,helgrind,drd"

/* The command, on the fixture; LEFT_BEHIND if a process of the fixture lives on. */
static const char *watched(const char *command, const char *kind) {
    return talloc_asprintf(workplace.owner,
                           "%s $PROGRAMS/will-not-end.c -- %s left-behind-$$; code=$?; "
                           "if grep -qs 'left-behin[d]-'$$ /proc/[0-9]*/cmdline; then exit %d; fi; "
                           "exit $code",
                           command, kind, LEFT_BEHIND);
}

/* What a run under a tool comes to. */
static const struct row {
    char kind[24], detectors[32];
    int status;
    char verdict[12], detail[48];
} rows[] = {
    {"leader-computes", ALL, 3, "hung", "still running after "},
    {"leader-naps", ALL, 3, "hung", "still waiting after "},
    {"leader-waits", "tsan,tsan-gcc", 3, "hung", "stuck: 1 thread blocked"},
    {"leader-waits", "helgrind,drd", 3, "hung", "still waiting after "},
    {"daemonises", "tsan-gcc,drd", 0, "silent", "exit 0"},
    {"ignores", "tsan-gcc,drd", 3, "hung", "still waiting after "},
    {"chains", "tsan-gcc,drd", 0, "silent", "exit 0"},
    {"chains-of-sessions", "tsan-gcc,drd", 0, "silent", "exit 0"},
    {"stops", "tsan-gcc", 3, "hung", "stuck: 1 thread blocked"},
    {"child-stops", "tsan-gcc", 3, "hung", "stuck: "},
    {"holds-the-pipe", "tsan-gcc,drd", 0, "silent", "exit 0"},
    {"prints", "tsan-gcc,drd", 3, "hung", "printed without end: stopped at"},
    {"reads", "tsan-gcc,drd", 3, "hung", "still running after "},
    {"daemon-computes", "tsan-gcc,drd", 3, "hung", "still running after "},
};

/* As short as the kind lets it be: it is another limit that ends what is stuck or prints, and who waits
 * has to be seen to, when its tool has started, which takes up to a second of the processor. */
static const char *limit_of(const struct row *row) {
    bool another = strncmp(row->detail, "stuck", 5) == 0 || strncmp(row->detail, "printed", 7) == 0;
    return another ? "60" : strstr(row->detail, "waiting") != NULL ? "3" : "0.5";
}

static void expect_row(const struct row *row) {
    const char *command =
        talloc_asprintf(workplace.owner, "hazard check --json --runs 1 --time-limit %s --with %s",
                        limit_of(row), row->detectors);
    json_t *answer = answer_in_folder(watched(command, row->kind), row->status), *result;
    size_t j;
    json_array_foreach(json_object_get(answer, "results"), j, result) {
        const char *detail = answer_word(result, "detail");
        cr_expect(strcmp(answer_word(result, "verdict"), row->verdict) == 0, "%s, %s: %s (%s)",
                  row->kind, answer_word(result, "detector"), answer_word(result, "verdict"),
                  detail);
        cr_expect(strncmp(detail, row->detail, strlen(row->detail)) == 0, "%s, %s: %s", row->kind,
                  answer_word(result, "detector"), detail);
    }
    json_decref(answer);
}

/* Several tests, because most of the time is waited, and several wait at once. */
static void expect_rows(size_t from) {
    for (size_t i = from; i < sizeof rows / sizeof *rows; i += 3)
        expect_row(&rows[i]);
}

Test(limits, end_what_does_not_end_and_leave_nothing_behind) {
    expect_rows(0);
}
Test(limits, end_more_that_does_not_end) {
    expect_rows(1);
}
Test(limits, end_still_more_that_does_not_end) {
    expect_rows(2);
}

/* What our own detectors come to: most is not theirs to judge. */
static const struct {
    char command[64], kind[24];
    int status;
} own_rows[] = {
    {"hazard explore --seconds=1 --schedule=/dev/null", "leader-computes", 3},
    {"hazard explore --seconds=1 --schedule=/dev/null", "leader-naps", 1},
    {"hazard explore --seconds=1 --schedule=/dev/null", "chains-of-sessions", 3},
    {"hazard explore --seconds=1 --schedule=/dev/null", "reads", 1},
    {"hazard inject --signal=SIGALRM --seconds=1", "leader-computes", 3},
    {"hazard inject --signal=SIGALRM --seconds=1", "stops", 3},
    {"hazard probe --time-limit 0.5", "leader-computes", 3},
    {"hazard probe --time-limit 0.5", "leader-naps", 3},
    {"hazard probe --time-limit 0.5", "chains-of-sessions", 3},
    {"hazard probe --time-limit 0.5", "stops", 3},
    {"hazard probe --time-limit 0.5", "ignores", 3},
};

Test(limits, hold_for_our_own_detectors_too) {
    for (size_t i = 0; i < sizeof own_rows / sizeof *own_rows; i++) {
        struct run_outcome outcome = in_folder(watched(own_rows[i].command, own_rows[i].kind));
        cr_expect(eq(int, outcome.status, own_rows[i].status), "%s, %s: %s%s", own_rows[i].command,
                  own_rows[i].kind, outcome.output, outcome.errors);
    }
}

Test(limits, end_a_compiler_that_does_not_end) {
    struct run_outcome outcome =
        in_folder("mkfifo endless.h && echo '#include \"endless.h\"' >main.c && "
                  "hazard check --with tsan-gcc main.c");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "does not compile with gcc (stuck: ") != NULL, "%s",
              outcome.errors);
}
