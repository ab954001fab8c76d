/* SPDX-License-Identifier: MIT */
/* `hazard explore` and `hazard cc` as a user would call them, with the real runtime. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

TestSuite(explore_command, .init = workplace_open, .fini = workplace_close, .timeout = 300);

static bool is_there(const char *name) {
    return access(workplace_path(name), R_OK) == 0;
}

static const struct verdict_row verdict_rows[] = {
    {"hazard explore $PROGRAMS/racy.c", "found", 1, "data-race: data race on `balance`"},
    {"hazard explore $PROGRAMS/racy.c", "found", 1, "replay with: hazard replay racy.schedule"},
    {"cp $ROOT/tests/fixtures/explore/memory/freed-mutex.c . && hazard explore freed-mutex.c",
     "found", 1, ", 0 bytes into a freed block\n    thread 2     uses mutex `heap"},
    {"hazard explore $ROOT/tests/fixtures/explore/memory/create-handle.c", "found", 1,
     "read of 8 bytes by thread 2, write of 8 bytes by main thread"},
    {"hazard explore --compiler=clang $PROGRAMS/racy.c", "found", 1, "data race on `balance`"},
    {"hazard explore -O1 $PROGRAMS/racy.c", "found", 1, "compiled with -O1"},
    {"hazard explore $PROGRAMS/clean.c", "proved", 0, "2 executions; whoever waited"},
    {"hazard explore --spurious=0 $PROGRAMS/clean.c", "proved", 0, "no wait wakes up for nothing"},
    {"hazard explore --strategy=states --timeouts=1 $PROGRAMS/clean.c", "proved", 0,
     "9 states, 10 steps"},
    {"hazard explore --strategy=states $ROOT/tests/fixtures/explore/world/cond-timed-either.c",
     "proved", 0, "that two states share a hash"},
    {"hazard explore $ROOT/tests/fixtures/explore/memory/weak-compare-loop.c", "proved", 0,
     "that two states share a hash"},
    {"hazard explore --strategy=dpor $ROOT/tests/fixtures/explore/memory/weak-compare-loop.c",
     "proved up to 2 weak compare-exchanges that fail for nothing a thread", 0, "62 executions"},
    {"hazard explore --weak=0 $ROOT/tests/fixtures/explore/memory/weak-compare-loop.c", "proved", 0,
     "no weak compare-exchange fails"},
    {"hazard explore --weak=1 --executions=1 "
     "$ROOT/tests/fixtures/explore/memory/weak-compare-loop.c",
     "bounded", 3, "compare-exchanges may fail once for nothing"},
    {"hazard explore --compiler=clang $ROOT/tests/fixtures/explore/memory/weak-compare-loop.c",
     "proved", 0, "1 compare-exchange, weak or not,"},
    {"hazard explore --late=0 --timeouts=3 "
     "$ROOT/tests/fixtures/explore/world/time-out-bound.c",
     "proved up to 3 early time-outs a thread", 0, "8 executions"},
    {"hazard explore --timeouts=4 --weak=0 $ROOT/tests/fixtures/explore/world/time-out-bound.c",
     "found", 1, "and its time runs out"},
    {"hazard explore $ROOT/tests/fixtures/explore/world/time-out-bound.c", "found", 1,
     "and its time runs out"},
    {"hazard explore --timeouts=1 --spurious=0 "
     "$ROOT/tests/fixtures/explore/world/cond-timed-either.c",
     "proved", 0, "every thread may time out early"},
    {"hazard explore --timeouts=1 --spurious=1 "
     "$ROOT/tests/fixtures/explore/world/cond-timed-either.c",
     "proved up to 1 wake-up for nothing a thread", 0, "every thread may time out early"},
    {"hazard explore $ROOT/tests/fixtures/explore/world/clock-order.c",
     "proved under TSO up to 1 look at the clock an hour late and 2 looks that may be late a "
     "thread",
     0, "72"},
    {"hazard explore --late=0 $ROOT/tests/fixtures/explore/world/clock-elapsed.c", "proved", 0,
     "no thread is late when it looks at"},
    {"hazard explore $ROOT/tests/fixtures/explore/world/clock-elapsed.c", "found", 1,
     "looks at the clock, and is late"},
    {"hazard explore --strategy=random --seed=3 $PROGRAMS/clean.c", "bounded", 3,
     "strategy random does not try all that differ"},
    {"hazard explore --strategy=dpor --executions=1 $PROGRAMS/clean.c", "bounded", 3, "none fails"},
    {"hazard explore --strategy=bound --bound=0 $PROGRAMS/clean.c", "bounded", 3, "1 execution,"},
    {"hazard explore $ROOT/buggy/unsafe-libc.c -- 2 1", "found", 1, "calls `asctime`\n"},
    {"hazard explore --compiler=clang $ROOT/buggy/unsafe-libc.c -- 2 1", "found", 1, "`strtok`\n"},
    {"hazard explore $ROOT/buggy/airline-seat.c -- 2 1", "found", 1, "returns from main\n"},
    {"hazard explore $ROOT/fixed/counter.c", "proved", 0, "90 executions"},
    {"cd $ROOT/fixed; hazard explore ./counter.c", "proved", 0, "90 executions"},
    {"cd $ROOT; hazard explore fixed/counter.c -- 2 2", "proved", 0, "6 executions"},
    {"hazard explore $ROOT/buggy/iterative-server.c", "unsupported", 3, "sigaction"},
    {"hazard explore $PROGRAMS/execs.c", "unsupported", 3, "exec"},
    {"hazard explore $PROGRAMS/stuck.c", "found", 1, "condition variable `never`"},
    {"hazard explore $ROOT/tests/fixtures/explore/world/thread-leak-warns.c", "proved", 0,
     "exit: warning: the program ended with exit code 3, as under every schedule that"},
    {"hazard explore $ROOT/tests/fixtures/explore/world/thread-leak-warns.c", "proved", 0,
     "thread-leak: warning: thread 2 ended"},
    {"hazard explore --error=exit $ROOT/tests/fixtures/explore/world/thread-leak-warns.c", "found",
     1, "exit: the program ended with exit code 3"},
    {"hazard explore --allow-exit=3 --error=thread-leak "
     "$ROOT/tests/fixtures/explore/world/thread-leak-warns.c",
     "found", 1, "thread-leak: thread 2 ended"},
    {"hazard explore --schedule=/proc/none/x.schedule $PROGRAMS/stuck.c", "found", 1,
     "no schedule was kept: cannot write /proc/none/x.schedule"},
};

Test(explore_command, each_verdict_has_its_exit_status) {
    expect_verdicts(verdict_rows, sizeof verdict_rows / sizeof *verdict_rows);
}

/* ---- <hazard.h> ------------------------------------------------------------------------------ */

#define HEADER "$ROOT/tests/fixtures/explore/hazard-h/"

static const struct verdict_row header_rows[] = {
    {"hazard explore --reach=two " HEADER "reach-two.c", "reached", 0, "reached: `two' is reached"},
    {"hazard explore --strategy=states --reach=two " HEADER "reach-two.c", "reached", 0,
     "comes here"},
    {"hazard explore --reach=two -j2 " HEADER "reach-never.c", "unreached", 1,
     "no schedule comes to `two`"},
    {"hazard explore --reach=two --strategy=random " HEADER "reach-never.c", "bounded", 3,
     "strategy random does not try all"},
    {"hazard explore " HEADER "reach.c", "proved", 0, "reached: `two at once`, `out`"},
    {"hazard explore " HEADER "choose-all.c", "proved", 0, "execution"},
    {"hazard explore --strategy=states " HEADER "atomic-assumes-lock.c",
     "proved under its assumptions", 0, "executions ended where an"},
    {"hazard explore --strategy=dpor -j2 " HEADER "atomic-assumes-lock.c",
     "proved under its assumptions", 0, "executions ended where an"},
    {"hazard explore --strategy=dpor " HEADER "choose-loop.c", "bounded", 3,
     "as long as it gets the same values"},
    {"hazard explore -O2 --sv-comp " HEADER "sv-comp-spinlock.c", "unsupported", 3,
     "compile them with -O0 and -g"},
};

Test(explore_command, a_program_tells_of_itself) {
    expect_verdicts(header_rows, sizeof header_rows / sizeof *header_rows);
}

Test(explore_command, a_label_that_is_not_there_is_misuse) {
    struct run_outcome outcome = in_folder("hazard explore --reach=three " HEADER "reach.c");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "has no hazard_reach(\"three\"); it has `two at once`") !=
                  NULL,
              "%s", outcome.errors);
}

Test(explore_command, labels_stand_in_the_json) {
    struct run_outcome outcome =
        in_folder("hazard explore --json --reach=two --schedule=r.schedule " HEADER "reach-two.c");
    json_t *answer = answer_program(outcome.output);
    const json_t *label = json_array_get(json_object_get(answer, "labels"), 0);
    expect_text(answer_word(answer, "verdict"), "reached", "%s", outcome.output);
    expect_text(answer_word(label, "label"), "two", "%s", outcome.output);
    bool reached = json_is_true(json_object_get(label, "reached"));
    cr_expect(reached, "%s", outcome.output);
    json_decref(answer);
    outcome = in_folder("hazard replay r.schedule");
    cr_expect(eq(int, outcome.status, 1));
    cr_expect(strstr(outcome.output, "reached: `two' is reached") != NULL, "%s", outcome.output);
}

/* ---- Standard input, environment, folder ----------------------------------------------------- */

#define NUMBERS "echo 1 2 3 >numbers; hazard explore --stdin numbers "
#define LETTERS "printf ab >letters; hazard explore --stdin letters "

static const struct verdict_row input_rows[] = {
    {NUMBERS "$PROGRAMS/input-sum.c", "proved", 0, "16 executions"},
    {NUMBERS "-j2 $PROGRAMS/input-sum.c", "proved", 0, "16 executions"},
    {NUMBERS "--strategy=dfs $PROGRAMS/input-sum.c", "proved", 0, "4,159 executions"},
    {NUMBERS "--strategy=states $PROGRAMS/input-sum.c", "proved", 0, "155 states"},
    {"hazard explore $PROGRAMS/input-sum.c", "proved", 0, "--stdin FILE gives it"},
    {"hazard explore --stdin /dev/null $PROGRAMS/input-sum.c", "proved", 0, "all code that ran\n"},
    {LETTERS "$PROGRAMS/input-order.c", "found", 1, "got[0] != 'b'"},
    {LETTERS "--strategy=states $PROGRAMS/input-order.c", "found", 1, "got[0] != 'b'"},
    {"hazard explore $PROGRAMS/input-order.c", "proved", 0, "end of standard input"},
    {LETTERS "$PROGRAMS/input-mixed.c", "found", 1, "exit code 1"},
    {"hazard explore --env A=1 --cwd /usr $PROGRAMS/surroundings.c", "proved", 0, "1 execution"},
    {"hazard explore --env A=2 --env A=1 --cwd /usr $PROGRAMS/surroundings.c", "proved", 0,
     "1 exe"},
    {"hazard explore --cwd /usr $PROGRAMS/surroundings.c", "proved", 0, "exit code 1"},
    {"hazard explore --env A=1 $PROGRAMS/surroundings.c", "proved", 0, "exit code 1"},
};

Test(explore_command, every_execution_reads_the_same_input) {
    expect_verdicts(input_rows, sizeof input_rows / sizeof *input_rows);
}

static const struct around_row {
    char options[24], words[80];
} around_rows[] = {
    {"--stdin nobody", "cannot read nobody: No such file or directory"},
    {"--stdin .", ". is no ordinary file, and the input is read more than once"},
    {"--cwd nobody", "cannot read nobody: No such file or directory"},
    {"--cwd bad.c", "cannot run in bad.c: Not a directory"},
    {"--env A", "--env takes NAME=VALUE, not 'A'"},
    {"--env =A", "--env takes NAME=VALUE, not '=A'"},
    {"--env HAZARD_EXPLORE=1", "HAZARD_EXPLORE is hazard's own"},
};

/* The program does not compile: nobody has tried. */
Test(explore_command, what_is_not_there_is_told_before_anything_is_built) {
    static const char *const commands[] = {"explore", "inject -s USR1", "check"};
    write_file(workplace.owner, workplace.folder, "bad.c", "no program\n");
    for (size_t i = 0; i < sizeof around_rows / sizeof *around_rows; i++)
        for (size_t j = 0; j < sizeof commands / sizeof *commands; j++) {
            struct run_outcome outcome = in_folder(talloc_asprintf(
                workplace.owner, "hazard %s %s bad.c", commands[j], around_rows[i].options));
            cr_expect(eq(int, outcome.status, 2), "%s", around_rows[i].options);
            cr_expect(strstr(outcome.errors, around_rows[i].words) != NULL &&
                          strchr(outcome.errors, '\n') == strrchr(outcome.errors, '\n'),
                      "%s: %s", around_rows[i].options, outcome.errors);
        }
}

static const struct name_row {
    char program[40]; /* and its argument */
    char words[80];
} name_rows[] = {
    {"owners.c -- g", "data race on `global.sum[2]`:"},
    {"owners.c -- m", "data race on `local.sum[2]` in main:"},
    {"owners.c -- t", "data race on `mine.sum[2]` in routine:"},
    {"owners.c -- d", " on the stack of main thread:"},
    {"owners-constructor.c -- m", "data race on `local.sum[2]` in main:"},
    {"owners-constructor.c -- t", "data race on `mine.sum[2]` in routine:"},
    {"owners.c -- h", "data race on a block of 32 bytes allocated at owners.c:52:"},
};

Test(explore_command, memory_is_called_what_a_person_calls_it) {
    for (size_t i = 0; i < sizeof name_rows / sizeof *name_rows; i++) {
        struct run_outcome outcome = in_folder(talloc_asprintf(
            workplace.owner, "hazard explore --json $PROGRAMS/%s", name_rows[i].program));
        cr_expect(strstr(outcome.output, name_rows[i].words) != NULL, "no '%s': %s%s",
                  name_rows[i].words, outcome.output, outcome.errors);
    }
}

static const struct misuse_row {
    char options[48];
    char words[80]; /* on stderr; "": all is well */
} misuse_rows[] = {
    {"--bound=2", "--bound is for the strategies bound and pct: strategy auto has no use"},
    {"--bound=2 --strategy=random", "strategy random has no use for it"},
    {"--ignore=deadlock",
     "--ignore takes thread-leak and exit, and 'deadlock' is always a failure"},
    {"--seed=1", "--seed is for the strategies random, pct and pos: strategy auto has"},
    {"--seed=1 --strategy=bound", "strategy bound has no use for it"},
    {"--bound=2 --strategy=bound", ""},
    {"--bound=2 --seed=1 --strategy=pct", ""},
    {"--seed=1 --strategy=pos", ""},
};

Test(explore_command, an_option_that_the_strategy_has_no_use_for_is_misuse) {
    for (size_t i = 0; i < sizeof misuse_rows / sizeof *misuse_rows; i++) {
        struct run_outcome outcome = in_folder(talloc_asprintf(
            workplace.owner, "hazard explore %s $PROGRAMS/clean.c", misuse_rows[i].options));
        bool well = *misuse_rows[i].words == '\0';
        cr_expect(eq(int, outcome.status, well ? 3 : 2), "%s", misuse_rows[i].options);
        cr_expect(well ? *outcome.errors == '\0'
                       : strstr(outcome.errors, misuse_rows[i].words) != NULL,
                  "%s: %s", misuse_rows[i].options, outcome.errors);
    }
}

Test(explore_command, json_has_what_a_program_may_ask) {
    json_t *answer = answer_in_folder("hazard explore --json $PROGRAMS/racy.c", 1), *locations;
    const char *detector, *verdict, *strategy, *kind, *message, *schedule, *program;
    json_int_t executions, blocked, steps, execution;
    double seconds;
    cr_assert(json_unpack(answer, "{ss ss ss sI sI sI sF ss s[{ss ss so ss sI}]}", "program",
                          &program, "detector", &detector, "verdict", &verdict, "executions",
                          &executions, "blocked", &blocked, "steps", &steps, "seconds", &seconds,
                          "strategy", &strategy, "findings", "kind", &kind, "message", &message,
                          "locations", &locations, "schedule", &schedule, "execution",
                          &execution) == 0);
    expect_text(detector, "explore");
    expect_text(verdict, "found");
    expect_text(strategy, "dpor");
    expect_text(kind, "data-race");
    expect_text(schedule, "racy.schedule");
    cr_expect(is_there("racy.schedule"));
    cr_expect(eq(sz, json_array_size(locations), 2));
    expect_text(answer_word(json_array_get(locations, 1), "doing"), "previous write of 8 bytes");
    cr_expect(executions >= 1 && execution >= 1 && steps > 0 && seconds > 0);
    json_decref(answer);
}

Test(explore_command, json_has_what_a_proof_takes_for_granted) {
    json_t *answer = answer_in_folder("hazard explore --json --strategy=dpor "
                                      "$ROOT/tests/fixtures/explore/memory/weak-compare-loop.c",
                                      0);
    const char *name, *words, *audit;
    json_int_t twice;
    int reached;
    cr_assert(json_unpack(answer, "{s[{ss sI sb ss}{ss}!]}", "assumptions", "name", &name, "number",
                          &twice, "reached", &reached, "words", &words, "words", &audit) == 0);
    expect_text(audit, "audited: all code that ran");
    expect_text(name, "weak");
    expect_text(words, "every thread's weak compare-exchanges may fail 2 times for nothing");
    cr_expect(twice == 2 && reached);
    json_decref(answer);
}

Test(explore_command, json_of_a_program_that_does_not_compile) {
    write_file(workplace.owner, workplace.folder, "bad.c", "int main(void) { return x; }\n");
    json_t *answer = answer_in_folder("hazard explore --json bad.c", 2);
    expect_text(answer_word(answer, "verdict"), "error");
    cr_expect(eq(sz, answer_count(answer, "findings"), 0));
    json_decref(answer);
}

Test(explore_command, what_does_not_link_is_told_from_what_does_not_compile) {
    static const char *const commands[] = {"explore", "check --with tsan"};
    write_file(workplace.owner, workplace.folder, "half.c",
               "int other(void);\nint main(void) { return other(); }\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        struct run_outcome outcome =
            in_folder(talloc_asprintf(workplace.owner, "hazard %s half.c", commands[i]));
        cr_expect(eq(int, outcome.status, 2), "%s", commands[i]);
        cr_expect(strstr(outcome.errors, "half.c does not link with ") != NULL, "%s",
                  outcome.errors);
        cr_expect(strstr(outcome.errors, "undefined reference to `other'") != NULL, "%s",
                  outcome.errors);
    }
}

Test(explore_command, check_says_how_to_get_a_schedule) {
    struct run_outcome outcome =
        in_folder("cp $PROGRAMS/racy.c . && hazard check --with explore racy.c -- 1");
    cr_expect(strstr(outcome.output, "hazard explore racy.c -- 1 writes a schedule\n") != NULL,
              "%s", outcome.output);
    outcome = in_folder("hazard check --with explore $PROGRAMS/clean.c");
    cr_expect(strstr(outcome.output, "proved") != NULL, "%s", outcome.output);
    cr_expect(strstr(outcome.output, "writes a schedule") == NULL, "%s", outcome.output);
}

/* 6 steps and the two accesses that race. */
Test(explore_command, sarif_shows_the_accesses_that_race_among_the_steps) {
    struct run_outcome outcome = in_folder("hazard check --with explore --sarif=r.sarif "
                                           "$PROGRAMS/racy.c >/dev/null; cat r.sarif");
    json_t *log = json_loads(outcome.output, 0, NULL), *flow, *flows = NULL;
    size_t i, count = 0;
    cr_assert(log != NULL, "%s%s", outcome.output, outcome.errors);
    json_unpack(log, "{s[{s[{s[{so}]}]}]}", "runs", "results", "codeFlows", "threadFlows", &flows);
    json_array_foreach(flows, i, flow) count += answer_count(flow, "locations");
    cr_expect(eq(sz, count, 8));
    json_t *last = json_array_get(json_object_get(json_array_get(flows, 2), "locations"), 1);
    const char *words = "";
    int order = 0;
    json_unpack(last, "{s{s{ss}} si}", "location", "message", "text", &words, "executionOrder",
                &order);
    expect_text(words, "thread 2: read of 8 bytes");
    cr_expect(eq(int, order, 8));
    json_decref(log);
}

Test(explore_command, a_hazard_stands_for_all_its_programs) {
    json_t *answer = json_loads(in_folder("hazard explore --json counter -- 2 1").output, 0, NULL);
    json_t *programs = json_object_get(answer, "programs"), *one;
    size_t i;
    cr_assert(json_array_size(programs) >= 7);
    json_array_foreach(programs, i, one) {
        const char *program = answer_word(one, "program");
        bool buggy = strncmp(program, "buggy/", 6) == 0;
        expect_text(answer_word(one, "verdict"), buggy ? "found" : "proved", "%s", program);
    }
    cr_expect(is_there("counter.schedule") && is_there("counter-volatile.schedule"));
    json_decref(answer);
}

Test(explore_command, the_same_command_gives_the_same_bytes) {
    static const char line[] = "hazard explore $PROGRAMS/racy.c; cat racy.schedule";
    const char *first = in_folder(line).output;
    cr_expect(strstr(first, "data race") != NULL && strstr(first, "\nend\n") != NULL, "%s", first);
    expect_text(in_folder(line).output, first);
}

Test(explore_command, the_schedule_goes_where_it_is_wanted) {
    in_folder("hazard explore --schedule=kept $PROGRAMS/racy.c");
    cr_expect(is_there("kept") && !is_there("racy.schedule"));
    in_folder("hazard explore $PROGRAMS/clean.c");
    cr_expect(not(is_there("clean.schedule")), "there is nothing to be replayed");
}

/* ---- hazard cc ----------------------------------------------------------------------- */

static void write_project(void) {
    write_file(workplace.owner, workplace.folder, "account.h",
               "extern int balance;\nvoid *pay(void *);\n");
    write_file(workplace.owner, workplace.folder, "account.c",
               "#include \"account.h\"\n"
               "int balance;\n"
               "void *pay(void *amount) {\n"
               "    balance += *(int *)amount;\n"
               "    return 0;\n"
               "}\n");
    write_file(workplace.owner, workplace.folder, "main.c",
               "#include <pthread.h>\n"
               "#include \"account.h\"\n"
               "int main(void) {\n"
               "    int one = 1;\n"
               "    pthread_t a, b;\n"
               "    pthread_create(&a, 0, pay, &one);\n"
               "    pthread_create(&b, 0, pay, &one);\n"
               "    pthread_join(a, 0);\n"
               "    pthread_join(b, 0);\n"
               "    return 0;\n"
               "}\n");
    write_file(workplace.owner, workplace.folder, "Makefile",
               "CFLAGS = -O1 -Wall -MMD\n"
               "bank: main.o libaccount.a\n"
               "\t$(CC) $(LDFLAGS) main.o -L. -laccount -o $@ -lm\n"
               "libaccount.a: account.o\n"
               "\tar rc $@ $^\n");
}

Test(explore_command, cc_builds_a_program_of_many_files) {
    write_project();
    struct run_outcome outcome = in_folder(talloc_asprintf(
        workplace.owner, "make CC='%s cc' >/dev/null && hazard explore --json ./bank",
        hazard_path(workplace.owner)));
    json_t *answer = answer_program(outcome.output);
    cr_assert(answer != NULL, "%s%s", outcome.output, outcome.errors);
    cr_expect(eq(int, outcome.status, 1));
    const char *kind = "", *file = "";
    int line = 0;
    json_unpack(answer, "{s[{ss s[{ss si}]}]}", "findings", "kind", &kind, "locations", "file",
                &file, "line", &line);
    expect_text(kind, "data-race");
    cr_expect(strstr(file, "account.c") != NULL && line == 4, "%s:%d", file, line);
    json_decref(answer);
}

static const struct cc_row {
    char line[96];
    int status;
    char words[80]; /* on stderr; "": nothing is */
} cc_rows[] = {
    {"hazard cc main.c account.c -o bank", 0, ""},
    {"hazard cc -x c - -o bank <main.c", 1, "undefined reference to `pay'"},
    {"HAZARD_CC=clang hazard cc main.c account.c -o bank && hazard explore ./bank", 1, ""},
    {"hazard cc -c main.c && hazard cc main.o account.c -o bank", 0, ""},
    {"hazard cc -c nothing.c", 1, "nothing.c"},
    /* By hand it runs once, and reads what there is. */
    {"hazard cc -g $PROGRAMS/input-sum.c -o sum && echo 1 2 3 | ./sum", 0, ""},
    {"hazard cc -g $PROGRAMS/input-sum.c -o sum && echo 1 2 4 | ./sum", 1, ""},
    {"hazard cc --version", 0, ""},
    {"hazard cc -shared account.c -o libaccount.so && hazard cc main.c -L. -laccount", 0, ""},
    {"hazard cc -shared no.c -o libaccount.so", 1, "no.c"},
    {"hazard cc -static main.c account.c", 2, "-static: detectors take over functions"},
    {"hazard cc -fsanitize=address main.c account.c", 2, "-fsanitize=address: hazard brings its"},
    {"hazard cc -fno-sanitize=all -c main.c", 2, "-fno-sanitize=all: hazard brings its own"},
    {"hazard cc @words", 2, "@words: words in a file are not looked at"},
    {"hazard cc main.cpp", 2, "explore takes C: main.cpp is C++"},
    {"gcc -c account.c && hazard cc main.c account.o", 2,
     "account.o was not compiled by `hazard cc`: explore could not see"},
    {"gcc -c account.c && ar rc libp.a account.o && hazard cc main.c libp.a", 2,
     "libp.a(account.o) was not compiled by `hazard cc`"},
    {"gcc -c account.c && ar rc libp.a account.o && hazard cc main.c -L. -lp", 2,
     "./libp.a(account.o) was not compiled by `hazard cc`"},
    {"gcc -S account.c && hazard cc main.c account.s", 2, "account.s has no hooks"},
    {"HAZARD_CC=no-such-compiler hazard cc main.c", 2, "cannot run no-such-compiler"},
};

Test(explore_command, cc_takes_what_it_can_stand_for) {
    for (size_t i = 0; i < sizeof cc_rows / sizeof *cc_rows; i++) {
        write_project();
        struct run_outcome outcome = in_folder(cc_rows[i].line);
        cr_expect(eq(int, outcome.status, cc_rows[i].status), "%s: %s", cc_rows[i].line,
                  outcome.errors);
        bool silent = *cc_rows[i].words == '\0';
        cr_expect(silent ? *outcome.errors == '\0'
                         : strstr(outcome.errors, cc_rows[i].words) != NULL,
                  "%s: %s", cc_rows[i].line, outcome.errors);
        in_folder("rm -f *.o *.a *.s bank");
    }
}

/* The flags of a build are part of what is built: another -O is another program. */
Test(explore_command, a_program_of_the_suite_is_built_again_for_other_flags) {
    const char *plain = in_folder("hazard explore counter --json -- 2 1").output;
    const char *other = in_folder("hazard explore counter -O1 --json -- 2 1").output;
    cr_expect(strstr(plain, "\"verdict\": \"found\"") != NULL, "%s", plain);
    cr_expect(strstr(plain, "compiled with") == NULL);
    cr_expect(strstr(other, "compiled with -O1") != NULL);
}

/* "NAME HOW: WHY" of each call, in their order. */
static const char *calls_of(const char *line) {
    json_t *answer = answer_in_folder(line, 0);
    const json_t *call;
    size_t index;
    char *told = talloc_strdup(workplace.owner, "");
    json_array_foreach(json_object_get(answer, "calls"), index, call) {
        const char *why = json_string_value(json_object_get(call, "why"));
        told = talloc_asprintf_append(told, "%s %s%s%s\n", answer_word(call, "name"),
                                      answer_word(call, "how"), why != NULL ? ": " : "",
                                      why != NULL ? why : "");
    }
    json_decref(answer);
    return told;
}

static const char all_calls[] = "exit modelled\n"
                                "fork refused: other processes are not explored\n"
                                "free modelled\n"
                                "ftok unknown\n"
                                "malloc modelled\n"
                                "pthread_mutex_lock modelled\n"
                                "pthread_mutex_unlock modelled\n"
                                "puts measured\n"
                                "qsort stepped\n"
                                "read asked\n"
                                "strlen measured\n";

Test(explore_command, what_a_program_calls_is_listed) {
    static const char *const words[] = {"-O0", "-O2", "-O0 -fno-plt",
                                        "-O2 -fno-plt -fcf-protection", "--compiler=clang -O0"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        expect_text(
            calls_of(talloc_asprintf(workplace.owner,
                                     "hazard explore --calls --json %s "
                                     "-fno-builtin $ROOT/tests/fixtures/calls-of-each-kind.c",
                                     words[i])),
            all_calls);
}

Test(explore_command, what_is_no_program_of_hazard_cc_calls_nothing_that_is_known) {
    struct run_outcome outcome = in_folder("hazard explore --calls /bin/true");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "was not built by hazard cc") != NULL, "%s", outcome.errors);
    expect_text(outcome.output, "");
}
