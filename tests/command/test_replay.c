/* SPDX-License-Identifier: MIT */
/* `hazard replay` as a user would call it, on schedules that `hazard explore` has just written. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

TestSuite(replay, .init = workplace_open, .fini = workplace_close, .timeout = 300);

/* The last seat is sold twice; its schedule is seat.schedule. */
static void explore_seat(void) {
    struct run_outcome outcome =
        in_folder("cp $ROOT/tests/fixtures/schedule/seat.c . && hazard explore seat.c");
    cr_assert(eq(int, outcome.status, 1), "%s", outcome.errors);
}

struct replay_row {
    const char *line;
    int status;
    const char *output, *errors; /* what must be in them; NULL: nothing in particular */
};

static void check_rows(const struct replay_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct run_outcome outcome = in_folder(rows[i].line);
        cr_expect(eq(int, outcome.status, rows[i].status), "%s: %s%s", rows[i].line, outcome.output,
                  outcome.errors);
        cr_expect(rows[i].output == NULL || strstr(outcome.output, rows[i].output) != NULL,
                  "%s does not say '%s': %s", rows[i].line, rows[i].output, outcome.output);
        cr_expect(rows[i].errors != NULL ? strstr(outcome.errors, rows[i].errors) != NULL
                                         : *outcome.errors == '\0',
                  "%s: '%s' is not in: %s", rows[i].line, rows[i].errors ? rows[i].errors : "",
                  outcome.errors);
    }
}

Test(replay, the_finding_comes_again) {
    static const struct replay_row rows[] = {
        {"hazard replay seat.schedule", 1, "assertion: Assertion `sold == 1", NULL},
        {"hazard replay seat.schedule", 1, "step     main thread", NULL},
        {"hazard replay seat.schedule", 1, "*  after this step the failure", NULL},
        {"hazard replay --times=20 seat.schedule", 1, "\n20 of 20 the same\n", NULL},
        {"cd / && hazard replay $OLDPWD/seat.schedule", 1, "30 | pthread_join", NULL},
    };
    explore_seat();
    check_rows(rows, sizeof rows / sizeof *rows);
}

Test(replay, the_same_finding_gives_the_same_bytes) {
    explore_seat();
    struct run_outcome outcome =
        in_folder("cp seat.schedule first && hazard explore seat.c >/dev/null; "
                  "cmp first seat.schedule && ! grep -F \"$PWD\" first");
    cr_expect(eq(int, outcome.status, 0), "%s%s", outcome.output, outcome.errors);
}

Test(replay, a_binary_is_taken_as_it_is) {
    static const struct replay_row rows[] = {
        {"hazard cc -g seat.c -o seat && hazard explore ./seat >/dev/null; "
         "grep '^binary' seat.schedule",
         0, "binary: ./seat\n", NULL},
        {"hazard replay seat.schedule", 1, "assertion:", NULL},
        {"hazard cc -g -O1 seat.c -o seat && hazard replay seat.schedule", 1,
         "assertion:", "the program is not the one that was recorded"},
        {"rm seat && hazard replay seat.schedule", 2, NULL, "there is no program ./seat"},
    };
    explore_seat();
    check_rows(rows, sizeof rows / sizeof *rows);
}

Test(replay, the_input_is_the_one_that_was_recorded) {
    static const struct replay_row rows[] = {
        {"printf ab >letters; hazard explore --stdin letters --env A=1 --cwd .. "
         "$PROGRAMS/input-order.c >/dev/null; hazard replay --times 3 input-order.schedule",
         1, "got[0] != 'b'", NULL},
        {"grep -x 'stdin: letters' input-order.schedule", 0, "stdin", NULL},
        {"grep -x 'env: A=1' input-order.schedule", 0, "env", NULL},
        {"grep -x 'cwd: ..' input-order.schedule", 0, "cwd", NULL},
        {"cd /; hazard replay $OLDPWD/input-order.schedule", 1, "got[0] != 'b'", NULL},
        {"printf ba >letters; hazard replay input-order.schedule", 2, NULL,
         "the program read letters, and that has changed since"},
        {"rm letters; hazard replay input-order.schedule", 2, NULL, "cannot read letters"},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

Test(replay, a_program_of_the_suite_is_found_below_the_root) {
    static const struct replay_row rows[] = {
        {"hazard explore $ROOT/buggy/counter.c -- 2 2 >/dev/null; hazard replay counter.schedule",
         1, "data race on `total`", NULL},
        {"grep -x 'suite: buggy/counter.c' counter.schedule", 0, "suite", NULL},
        {"sed -i s/counter.c/nobody.c/ counter.schedule; hazard replay counter.schedule", 2, NULL,
         "buggy/nobody.c"},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

Test(replay, a_changed_program_is_told) {
    static const struct replay_row rows[] = {
        {"sed -i s/assert.sold.*/return/ seat.c; hazard replay seat.schedule", 2, NULL, "compile"},
        {"sed -i 's/^    return$/    sold = 0;/' seat.c; hazard replay seat.schedule", 0,
         "the schedule ends well",
         "recorded was 'assertion: Assertion `sold == 1 && \"a seat is sold once\"' failed', now "
         "there is nothing; the program is not the one that was recorded"},
        {"sed -i 's/^    sold = 0;/    return 3;/' seat.c; hazard replay seat.schedule", 2,
         "exit: the program ended with exit code 3", "now there is 'exit:"},
        {"sed -i 's/ i < 2/ i < 1/' seat.c; hazard replay seat.schedule", 2, NULL,
         "strays from the schedule"},
        {"rm seat.c; hazard replay seat.schedule", 2, NULL, "seat.c"},
    };
    explore_seat();
    check_rows(rows, sizeof rows / sizeof *rows);
}

Test(replay, a_changed_schedule_is_told) {
    static const struct replay_row rows[] = {
        {"sed 's/^finding: .*/finding: deadlock/' seat.schedule >x; hazard replay x", 2,
         "assertion:", "recorded was 'deadlock: Assertion"},
        {"sed 's/^finding: .*/finding: none/; /^message/d' seat.schedule >x; hazard replay x", 2,
         "assertion:", "recorded was nothing, now there is 'assertion:"},
        {"sed 's/^5 2 /5 0 /' seat.schedule >x; hazard replay x", 2, NULL, "x cannot be followed"},
        {"sed '/^end$/d' seat.schedule >x; hazard replay x", 2, NULL,
         "'end' is missing after step"},
        {"hazard replay nothing.schedule", 2, NULL, "cannot read nothing.schedule"},
        {"hazard replay", 2, NULL, "which schedule?"},
        {"hazard replay seat.schedule -- 1", 2, NULL, "the program's arguments are in it"},
        {"hazard replay --times=0 seat.schedule", 2, NULL, "--times takes a number from 1"},
    };
    explore_seat();
    check_rows(rows, sizeof rows / sizeof *rows);
}

static const struct {
    const char *program, *options;
    int least; /* findings */
} corpora[] = {
    {"nest", "--races=ignore", 1},
    {"nest", "--races=report --keep-going", 3},
    {"nest", "--races=report --keep-going --strategy=random --executions=100", 3},
    {"nest", "--races=ignore --strategy=random", 1},
    {"races", "--races=report --keep-going", 5},
    {"races", "--races=report --no-minimise", 1},
    {"races", "--races=stop --keep-going", 1},
};

/* Threads that make threads, memory that is raced on, races that were only noted. */
Test(replay, every_finding_replays) {
    struct run_outcome built =
        in_folder("for p in nest races; do "
                  "hazard cc -g $ROOT/tests/fixtures/schedule/$p.c -o $p || exit; done");
    cr_assert(eq(int, built.status, 0), "%s", built.errors);
    for (size_t i = 0; i < sizeof corpora / sizeof *corpora; i++) {
        const char *line = talloc_asprintf(
            workplace.owner,
            "rm -f *.schedule; hazard explore %s ./%s >/dev/null; "
            "for s in *.schedule; do hazard replay --times=2 $s; echo \"$s: exit $?\"; done",
            corpora[i].options, corpora[i].program);
        struct run_outcome outcome = in_folder(line);
        int replayed = 0;
        for (const char *at = outcome.output; (at = strstr(at, ".schedule: exit ")) != NULL; at++) {
            cr_expect(strncmp(at, ".schedule: exit 1\n", 18) == 0, "%s: %s%s", line, outcome.output,
                      outcome.errors);
            replayed++;
        }
        cr_expect(ge(int, replayed, corpora[i].least), "%s %s", corpora[i].program,
                  corpora[i].options);
    }
}

Test(replay, json_says_what_came_out) {
    explore_seat();
    struct run_outcome outcome = in_folder("hazard replay --json --times=3 seat.schedule");
    json_t *answer = json_loads(outcome.output, 0, NULL);
    cr_assert(answer != NULL, "%s%s", outcome.output, outcome.errors);
    const char *program, *detector, *verdict, *kind;
    int times, same, recorded;
    json_t *steps;
    int result =
        json_unpack(answer, "{ss ss ss si si sb s{ss} so}", "program", &program, "detector",
                    &detector, "verdict", &verdict, "times", &times, "same", &same, "as_recorded",
                    &recorded, "finding", "kind", &kind, "steps", &steps);
    cr_assert(eq(int, result, 0), "%s", outcome.output);
    expect_text(program, "seat.c");
    expect_text(verdict, "found");
    expect_text(kind, "assertion");
    cr_expect(eq(int, same, 3));
    cr_expect(eq(int, recorded, 1));
    cr_expect(eq(sz, json_array_size(steps), 17));
    json_decref(answer);
}

Test(replay, files_for_other_tools_are_written) {
    explore_seat();
    struct run_outcome outcome = in_folder("hazard replay --chrome=c.json --shiviz=s.log "
                                           "seat.schedule >/dev/null; cat c.json; cat s.log >&2");
    json_t *trace = json_loads(outcome.output, 0, NULL);
    cr_assert(trace != NULL, "%s", outcome.output);
    cr_expect(gt(sz, json_array_size(json_object_get(trace, "traceEvents")), 17));
    cr_expect(strstr(outcome.errors, "\nthread-2 {\"main-thread\":") != NULL, "%s", outcome.errors);
    json_decref(trace);
    static const struct replay_row rows[] = {
        {"hazard replay --chrome=nowhere/c.json seat.schedule", 2, NULL, "cannot write nowhere/"}};
    check_rows(rows, 1);
}

Test(replay, gdb_stops_at_the_critical_step) {
    if (system("command -v gdb >/dev/null") != 0)
        cr_skip_test("there is no gdb");
    explore_seat();
    static const struct replay_row rows[] = {
        {"printf 'backtrace\\ncontinue\\n' | hazard replay --gdb seat.schedule 2>&1", 0,
         "hazard: stopped before step 8 of 17: thread 2 locks `lock`. After it the failure can no "
         "longer be avoided.",
         NULL},
        {"printf 'backtrace\\ncontinue\\n' | hazard replay --gdb seat.schedule 2>&1", 0,
         "in sell (argument=0x0)", NULL},
        {"printf 'down\\nfinish\\ninfo line\\n' | hazard replay --gdb seat.schedule 2>&1", 0,
         "Line 11 of \"", NULL},
        {"printf 'continue\\n' | hazard replay --gdb seat.schedule 2>&1", 0,
         "Assertion `sold == 1 && \"a seat is sold once\"' failed", NULL},
    };
    check_rows(rows, sizeof rows / sizeof *rows);
}

/* Where gdb begins: not in the runtime, also where that has a function of the same name, where the
 * thread has made nothing yet, and where the function is called by a library. */
Test(replay, gdb_begins_in_the_users_own_frame) {
    if (system("command -v gdb >/dev/null") != 0)
        cr_skip_test("there is no gdb");
    static const struct {
        const char *program, *frame;
    } rows[] = {{"step", " in step () at "}, {"first", "#0  turn ("}, {"sorted", " in compare ("}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[512];
        snprintf(line, sizeof line,
                 "mkdir -p 'a folder'; cd 'a folder'; cp $ROOT/tests/fixtures/schedule/%s.c .; "
                 "hazard explore %s.c >explored; "
                 "printf 'echo here:\\n\nframe\n' | hazard replay --gdb %s.schedule 2>&1 | "
                 "sed 's/^(gdb) //' | sed -n '/^here:/,$p' | tr '\n' ' '",
                 rows[i].program, rows[i].program, rows[i].program);
        struct run_outcome outcome = in_folder(line);
        char place[64];
        snprintf(place, sizeof place, "/a folder/%s.c:", rows[i].program);
        cr_expect(strstr(outcome.output, rows[i].frame) != NULL, "%s%s", outcome.output,
                  outcome.errors);
        cr_expect(strstr(outcome.output, place) != NULL, "%s%s", outcome.output, outcome.errors);
    }
}

Test(replay, gdb_has_the_terminal_to_itself) {
    static const struct replay_row rows[] = {
        {"hazard replay --gdb --json seat.schedule", 2, NULL,
         "--gdb opens a session in gdb: --json has no place in it"},
        {"hazard replay --times=1 --gdb seat.schedule", 2, NULL, "--times has no place"},
        {"hazard replay --gdb --full seat.schedule", 2, NULL, "--full has no place"},
        {"hazard replay --gdb --chrome=c.json seat.schedule", 2, NULL, "--chrome has no place"},
        {"hazard replay --gdb --shiviz=s.log seat.schedule", 2, NULL, "--shiviz has no place"},
    };
    explore_seat();
    check_rows(rows, sizeof rows / sizeof *rows);
}

/* What explore prints from the finding on is what replay prints, but for the margin. */
Test(replay, shows_what_explore_showed) {
    static const char *const programs[] = {"$ROOT/tests/fixtures/schedule/seat.c",
                                           "$ROOT/buggy/airline-seat.c -- 2 1", "$PROGRAMS/racy.c",
                                           "$ROOT/buggy/livelock.c -- 1"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        const char *line = talloc_asprintf(
            workplace.owner,
            "export COLUMNS=92; rm -f *.schedule; hazard explore %s >explored; "
            "hazard replay *.schedule >replayed; "
            "tail -n +4 explored | grep -v '^  replay with' | sed 's/^  //;/^ *$/d' >a; "
            "COLUMNS=90 hazard replay *.schedule | tail -n +3 | sed '/^ *$/d' >b; "
            "test -s a && diff a b",
            programs[i]);
        struct run_outcome outcome = in_folder(line);
        cr_expect(eq(int, outcome.status, 0), "%s: %s%s", programs[i], outcome.output,
                  outcome.errors);
    }
}

Test(replay, without_gdb_the_package_is_named) {
    static const struct replay_row rows[] = {
        {"hazard cc -g seat.c -o seat && hazard explore ./seat >/dev/null; "
         "PATH=/nonexistent; hazard replay --gdb seat.schedule",
         2, NULL, "gdb is missing: apt-get install gdb"},
    };
    explore_seat();
    check_rows(rows, 1);
}
