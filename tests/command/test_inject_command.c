/* SPDX-License-Identifier: MIT */
/* `hazard inject` as a user would call it, on real programs. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

/* A handler and main share a number: wrong between the load and the store of `count + 1`. */
static const char torn[] = "#include <signal.h>\n"
                           "static volatile int count;\n"
                           "static void on_signal(int signo) {\n"
                           "    (void)signo;\n"
                           "    count = 100;\n"
                           "}\n"
                           "int main(void) {\n"
                           "    signal(SIGUSR1, on_signal);\n"
                           "    count = count + 1; /* 10 */\n"
                           "    return count != 1 && count != 100 && count != 101;\n"
                           "}\n";

/* Both add, the handler between the two reads of one addition: 0 + 100 and 1 + 0 are lost. */
static const char lost[] = "#include <signal.h>\n"
                           "static volatile int count, came;\n"
                           "static void on_signal(int signo) {\n"
                           "    (void)signo;\n"
                           "    count += 100;\n"
                           "    came = 1;\n"
                           "}\n"
                           "int main(void) {\n"
                           "    signal(SIGUSR1, on_signal);\n"
                           "    count++;\n"
                           "    return came ? count < 101 : 0;\n"
                           "}\n";

static const char no_handler[] = "#include <stdio.h>\nint main(void) { return 0; }\n";

static const char threads[] = "#include <pthread.h>\n"
                              "#include <signal.h>\n"
                              "static void on_signal(int signo) { (void)signo; }\n"
                              "static void *run(void *none) { return none; }\n"
                              "int main(void) {\n"
                              "    pthread_t thread;\n"
                              "    signal(SIGUSR1, on_signal);\n"
                              "    pthread_create(&thread, 0, run, 0);\n"
                              "    return pthread_join(thread, 0);\n"
                              "}\n";

static const struct {
    char name[16];
    const char *text;
} files[] = {{"torn.c", torn},
             {"lost.c", lost},
             {"no-handler.c", no_handler},
             {"threads.c", threads},
             {"bad.c", "int main(void) { return x; }\n"}};

static void setup(void) {
    workplace_open();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        write_file(workplace.owner, workplace.folder, files[i].name, files[i].text);
}

TestSuite(inject_command, .init = setup, .fini = workplace_close, .timeout = 300);

/* ---- Misuse -------------------------------------------------------------------------- */

static const struct refusal_row {
    char line[80], words[112]; /* on stderr */
} refusal_rows[] = {
    {"hazard inject", "which program?"},
    {"hazard inject lost.c",
     "which signal? --signal=SIGALRM, SIGUSR1, SIGINT, SIGTERM and SIGCHLD"},
    {"hazard inject -s FOO lost.c", "there is no signal 'FOO'"},
    {"hazard inject -s KILL lost.c", "no program can handle SIGKILL"},
    {"hazard inject -s USR1 --child-exit lost.c", "--child-exit brings SIGCHLD, not SIGUSR1"},
    {"hazard inject -s USR1 --gdb lost.c", "--gdb stops at one point: --at says which"},
    {"hazard inject -s USR1 --gdb --at=1+2 lost.c", "--gdb stops before one signal: --at=K"},
    {"hazard inject -s USR1 --gdb --at=1 --json lost.c", "--gdb prints no JSON"},
    {"hazard inject -s USR1 --at=1 --twice lost.c", "--at is one point, --twice is for all"},
    {"hazard inject -s USR1 --at=x lost.c", "--at takes the number of a point"},
    {"hazard inject -s USR1 --at=999999 lost.c", "there is no point 999999 to be tried"},
    {"hazard inject -s USR1 --at=1 signal-printf",
     "--at is for one program, and signal-printf has"},
    {"hazard inject -s USR1 -j 0 lost.c", "--jobs takes a whole number from 1"},
    {"hazard inject -s USR1 bad.c", "does not compile"},
    {"hazard inject -s USR1 no-such-hazard", "there is no hazard 'no-such-hazard'"},
    {"hazard inject counter", "the catalogue has no signal for counter: --signal says which"},
    {"hazard check --with inject lost.c", "and yours with --signal or --child-exit"},
};

Test(inject_command, misuse_is_told_in_one_line) {
    for (size_t i = 0; i < sizeof refusal_rows / sizeof *refusal_rows; i++) {
        struct run_outcome outcome = in_folder(refusal_rows[i].line);
        cr_expect(eq(int, outcome.status, 2), "%s", refusal_rows[i].line);
        cr_expect(strstr(outcome.errors, refusal_rows[i].words) != NULL, "%s: %s",
                  refusal_rows[i].line, outcome.errors);
        expect_text(outcome.output, "", "%s", refusal_rows[i].line);
    }
}

/* The leak checker in hazard itself would need ptrace, too. */
Test(inject_command, a_place_without_ptrace_is_told_how_to_allow_it) {
    struct run_outcome outcome = in_folder(
        talloc_asprintf(workplace.owner,
                        "gcc -o no-ptrace $PROGRAMS/no-ptrace.c && "
                        "ASAN_OPTIONS=detect_leaks=0 ./no-ptrace %s inject -s USR1 lost.c",
                        hazard_path(workplace.owner)));
    cr_expect(eq(int, outcome.status, 2), "%s", outcome.errors);
    cr_expect(strstr(outcome.errors, "ptrace is forbidden here") != NULL, "%s", outcome.errors);
    cr_expect(strstr(outcome.errors, "seccomp=unconfined") != NULL, "%s", outcome.errors);
}

/* What inject says where addresses cannot be fixed; with `before`, by whom it is started. */
static struct run_outcome without_personality(const char *before) {
    return in_folder(talloc_asprintf(workplace.owner,
                                     "gcc -o no-personality $PROGRAMS/no-personality.c && "
                                     "%s ./no-personality %s inject -s USR1 lost.c",
                                     before, hazard_path(workplace.owner)));
}

/* The profile that Docker has by itself. */
Test(inject_command, a_place_without_fixed_addresses_is_told_how_to_allow_them) {
    struct run_outcome outcome = without_personality("");
    cr_expect(eq(int, outcome.status, 2), "%s", outcome.errors);
    cr_expect(strstr(outcome.errors, "personality: Operation not permitted") != NULL, "%s",
              outcome.errors);
    cr_expect(strstr(outcome.errors, "seccomp=unconfined") != NULL, "%s", outcome.errors);
    cr_expect(strstr(outcome.errors, "same way twice") == NULL, "%s", outcome.errors);
}

/* They are fixed already. */
Test(inject_command, a_place_with_fixed_addresses_needs_no_personality) {
    struct run_outcome outcome = without_personality("setarch -R");
    cr_expect(eq(int, outcome.status, 1), "%s", outcome.errors);
    cr_expect(strstr(outcome.output, "signal-race") != NULL, "%s", outcome.output);
}

/* What has to be told its signal is no column of a user's own program. */
Test(inject_command, check_asks_inject_where_it_is_told_the_signal) {
    struct run_outcome outcome = in_folder("hazard check --with drd,inject lost.c");
    cr_expect(eq(int, outcome.status, 0), "%s", outcome.errors);
    cr_expect(strstr(outcome.output, "drd") != NULL && strstr(outcome.output, "inject") == NULL,
              "%s", outcome.output);
    outcome = in_folder("hazard check --with inject lost.c");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "--signal or --child-exit") != NULL, "%s", outcome.errors);
    outcome = in_folder("hazard check --with drd,inject --signal=USR1 lost.c");
    cr_expect(eq(int, outcome.status, 1), "%s", outcome.errors);
    cr_expect(strstr(outcome.output, "signal-race: SIGUSR1 here") != NULL, "%s", outcome.output);
    outcome = in_folder("hazard check --with inject --signal=USR1 torn.c");
    cr_expect(eq(int, outcome.status, 0), "%s", outcome.errors);
    cr_expect(strstr(outcome.output, "proved") != NULL, "%s", outcome.output);
    outcome = in_folder("hazard check --with inject --signal=NOSUCH torn.c");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "NOSUCH") != NULL, "%s", outcome.errors);
    outcome = in_folder("hazard check --signal=USR1 counter");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "programs of yours") != NULL, "%s", outcome.errors);
}

/* ---- Verdicts ------------------------------------------------------------------------ */

static const struct verdict_row verdict_rows[] = {
    {"hazard inject -s USR1 lost.c", "found", 1, "signal-race: SIGUSR1 here makes the program"},
    {"hazard inject -s USR1 lost.c", "found", 1, "10 |     count++;"},
    {"hazard inject -s USR1 lost.c", "found", 1, "W wrong, . harmless"},
    {"hazard inject -s USR1 torn.c", "proved", 0, "none does harm"},
    {"hazard inject -s USR1 --points=3 torn.c", "bounded", 3,
     "the budget ended first (--points=3)"},
    {"hazard inject -s USR1 no-handler.c", "unsupported", 3, "handler"},
    {"hazard inject -s USR1 --at=5 no-handler.c", "unsupported", 3, "handler"},
    {"hazard inject -s RTMIN no-handler.c", "unsupported", 3, "no handler for SIGRTMIN is"},
    {"hazard inject --points=3 $ROOT/fixed/handler-data.c", "bounded", 3, "SIGALRM"},
    {"printf 123456 >six; hazard inject -s USR1 --stdin six $PROGRAMS/input-counted.c", "proved", 0,
     "none does harm; "},
    {"printf 123456 >six; hazard inject -s USR1 --stdin six $PROGRAMS/input-handler.c", "found", 1,
     "exit 1"},
    {"printf 123456 >six; hazard inject --child-exit --stdin six $PROGRAMS/input-child.c", "proved",
     0, "none does harm"},
    {"hazard inject -s USR1 $PROGRAMS/input-counted.c", "proved", 0, "--stdin FILE gives it some"},
    {"hazard inject -s USR1 threads.c", "unsupported", 3, "thread"},
};

Test(inject_command, each_verdict_has_its_exit_status) {
    expect_verdicts(verdict_rows, sizeof verdict_rows / sizeof *verdict_rows);
}

/* The number that a finding names is the point that is tried again. */
Test(inject_command, a_point_comes_out_as_in_the_walk) {
    json_t *walk = answer_in_folder("hazard inject -s USR1 --json lost.c", 1);
    json_t *finding = json_array_get(json_object_get(walk, "findings"), 0);
    int at = answer_number(finding, "at"), points = answer_number(finding, "points");
    cr_expect(points > 0 && answer_number(walk, "wrong") == points);
    json_t *again = answer_in_folder(
        talloc_asprintf(workplace.owner, "hazard inject -s USR1 --json --at=%d lost.c", at), 1);
    json_t *one = json_array_get(json_object_get(again, "findings"), 0);
    cr_expect(eq(int, answer_number(again, "points"), 1));
    cr_expect(eq(int, answer_number(one, "at"), at));
    cr_expect(json_equal(json_object_get(one, "first"), json_object_get(finding, "first")));
    json_t *before = answer_in_folder(
        talloc_asprintf(workplace.owner, "hazard inject -s USR1 --json --at=%d lost.c", at - 1), 0);
    cr_expect(eq(sz, answer_count(before, "findings"), 0));
    json_decref(walk);
    json_decref(again);
    json_decref(before);
}

Test(inject_command, the_hint_is_a_command_that_works) {
    struct run_outcome outcome = in_folder("hazard inject -s USR1 lost.c");
    const char *hint = strstr(outcome.output, "hazard inject --at=");
    cr_assert(hint != NULL, "%s", outcome.output);
    struct run_outcome again =
        in_folder(talloc_strndup(workplace.owner, hint, strcspn(hint, "\n")));
    cr_expect(eq(int, again.status, 1), "%s", again.errors);
    cr_expect(strstr(again.output, "  point ") != NULL, "%s", again.output);
}

Test(inject_command, the_hint_gives_the_same_surroundings) {
    static const char line[] = "printf 123456 >six; hazard inject -s USR1 --stdin six --env A=1 "
                               "--cwd . $PROGRAMS/input-handler.c";
    struct run_outcome outcome = in_folder(line);
    const char *hint = strstr(outcome.output, "hazard inject --at=");
    cr_assert(hint != NULL, "%s", outcome.output);
    cr_expect(strstr(hint, " --stdin=six --env=A=1 --cwd=. ") != NULL, "%s", hint);
    struct run_outcome again =
        in_folder(talloc_strndup(workplace.owner, hint, strcspn(hint, "\n")));
    cr_expect(eq(int, again.status, 1), "%s%s", again.output, again.errors);
}

/* Seconds aside, which are in the text, too. */
Test(inject_command, the_same_whatever_the_number_of_processes) {
    static const char line[] = "hazard inject -s USR1 --json -j %d lost.c";
    json_t *one = answer_in_folder(talloc_asprintf(workplace.owner, line, 1), 1);
    json_t *two = answer_in_folder(talloc_asprintf(workplace.owner, line, 2), 1);
    static const char *const timed[] = {"seconds", "text"};
    for (size_t i = 0; i < sizeof timed / sizeof *timed; i++) {
        cr_expect(eq(int, json_object_del(one, timed[i]), 0));
        cr_expect(eq(int, json_object_del(two, timed[i]), 0));
    }
    cr_expect(json_equal(one, two));
    json_decref(one);
    json_decref(two);
}

Test(inject_command, json_of_a_program_that_does_not_compile) {
    json_t *answer = answer_in_folder("hazard inject -s USR1 --json bad.c", 2);
    expect_text(answer_word(answer, "verdict"), "error");
    expect_text(answer_word(answer, "signal"), "SIGUSR1");
    cr_expect(eq(sz, answer_count(answer, "findings"), 0));
    json_decref(answer);
}

/* printf in a handler: libc's lock, and its heap while stdout has no buffer yet. */
Test(inject_command, finds_both_hazards_of_a_printf_in_a_handler) {
    json_t *answer =
        answer_in_folder("hazard inject --child-exit --json $ROOT/buggy/signal-printf.c -- 2", 1);
    const json_t *finding = json_array_get(json_object_get(answer, "findings"), 0);
    cr_expect(eq(sz, answer_count(answer, "findings"), 1), "one cause");
    expect_text(answer_word(finding, "kind"), "signal-unsafe-call");
    cr_expect(strstr(answer_word(finding, "message"),
                     "waits for a lock that the interrupted printf holds") != NULL);
    size_t i, heap = 0;
    json_t *location;
    json_array_foreach(json_object_get(finding, "locations"), i, location) heap +=
        strstr(answer_word(location, "doing"), "malloc") != NULL ||
        strstr(answer_word(location, "doing"), "aborted by the library") != NULL;
    cr_expect(heap > 0, "and that malloc aborts");
    cr_expect(answer_number(answer, "deadlocks") > 0 && answer_number(answer, "crashes") > 0);
    json_decref(answer);
    answer =
        answer_in_folder("hazard inject --child-exit --json $ROOT/fixed/signal-printf.c -- 2", 0);
    expect_text(answer_word(answer, "verdict"), "proved");
    json_decref(answer);
}
