/* SPDX-License-Identifier: MIT */
/* `hazard explore` and `hazard cc` as a user would call them, with the real runtime. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "command.h"
#include "text.h"

static void *owner;
static const char *folder;
static char *root;

static void setup(void) {
    owner = talloc_new(NULL);
    folder = scratch_new(owner);
    root = getcwd(NULL, 0);
}

static void teardown(void) {
    scratch_remove(folder);
    free(root);
    talloc_free(owner);
}

TestSuite(explore_command, .init = setup, .fini = teardown, .timeout = 300);

/* The line is run in the scratch folder, where schedules go; PROGRAMS in it is the fixtures'. */
static struct run_outcome in_folder(const char *line) {
    return command(owner, talloc_asprintf(owner, "cd %s && PROGRAMS=%s/tests/fixtures/programs; %s",
                                          folder, root, line));
}

static bool is_there(const char *name) {
    return access(talloc_asprintf(owner, "%s/%s", folder, name), R_OK) == 0;
}

static const struct verdict_row {
    char line[72], verdict[12];
    int status;
    char words[64]; /* on stdout */
} rows[] = {
    {"hazard explore $PROGRAMS/racy.c", "found", 1, "data-race: data race on `balance`"},
    {"hazard explore $PROGRAMS/racy.c", "found", 1, "replay with: hazard replay racy.schedule"},
    {"hazard explore --compiler=clang $PROGRAMS/racy.c", "found", 1, "data race on `balance`"},
    {"hazard explore -O1 $PROGRAMS/racy.c", "found", 1, "compiled with -O1"},
    {"hazard explore $PROGRAMS/clean.c", "proved", 0, "2 executions; every thread may wake up"},
    {"hazard explore --spurious=0 $PROGRAMS/clean.c", "proved", 0, "no wait wakes up for nothing"},
    {"hazard explore --strategy=random --seed=3 $PROGRAMS/clean.c", "bounded", 3,
     "strategy random does not try all that differ"},
    {"hazard explore --executions=1 $PROGRAMS/clean.c", "bounded", 3, "none fails"},
    {"hazard explore $PROGRAMS/execs.c", "unsupported", 3, "exec"},
    {"hazard explore $PROGRAMS/stuck.c", "found", 1, "condition variable `never`"},
};

Test(explore_command, each_verdict_has_its_exit_status) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run_outcome outcome = in_folder(rows[i].line);
        const char *verdict = talloc_asprintf(owner, "\n  %s: ", rows[i].verdict);
        cr_expect(eq(int, outcome.status, rows[i].status), "%s: %s", rows[i].line, outcome.errors);
        cr_expect(strstr(outcome.output, verdict) != NULL, "%s is not %s: %s", rows[i].line,
                  rows[i].verdict, outcome.output);
        cr_expect(strstr(outcome.output, rows[i].words) != NULL, "%s says no '%s': %s",
                  rows[i].line, rows[i].words, outcome.output);
    }
}

static json_t *answer_of(const char *line, int status) {
    struct run_outcome outcome = in_folder(line);
    json_t *answer = json_loads(outcome.output, 0, NULL);
    cr_assert(answer != NULL, "%s: %s%s", line, outcome.output, outcome.errors);
    cr_expect(eq(int, outcome.status, status), "%s: %s", line, outcome.errors);
    return answer;
}

Test(explore_command, json_has_what_a_program_may_ask) {
    json_t *answer = answer_of("hazard explore --json $PROGRAMS/racy.c", 1), *locations;
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
    cr_expect(executions >= 1 && execution >= 1 && steps > 0 && seconds > 0);
    json_decref(answer);
}

Test(explore_command, json_of_a_program_that_does_not_compile) {
    write_file(owner, folder, "bad.c", "int main(void) { return x; }\n");
    json_t *answer = answer_of("hazard explore --json bad.c", 2);
    expect_text(json_string_value(json_object_get(answer, "verdict")), "error");
    cr_expect(eq(sz, json_array_size(json_object_get(answer, "findings")), 0));
    json_decref(answer);
}

Test(explore_command, a_hazard_stands_for_all_its_programs) {
    json_t *answer = answer_of("hazard explore --json counter -- 2 1", 1), *one;
    size_t i;
    cr_assert(json_array_size(answer) >= 7);
    json_array_foreach(answer, i, one) {
        const char *program = json_string_value(json_object_get(one, "program"));
        bool buggy = strncmp(program, "buggy/", 6) == 0;
        expect_text(json_string_value(json_object_get(one, "verdict")), buggy ? "found" : "proved",
                    "%s", program);
    }
    cr_expect(is_there("counter.schedule") && is_there("counter-volatile.schedule"));
    json_decref(answer);
}

Test(explore_command, the_same_command_gives_the_same_bytes) {
    static const char line[] = "hazard explore $PROGRAMS/racy.c; cat racy.schedule";
    const char *first = in_folder(line).output;
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
    write_file(owner, folder, "account.h", "extern int balance;\nvoid *pay(void *);\n");
    write_file(owner, folder, "account.c",
               "#include \"account.h\"\n"
               "int balance;\n"
               "void *pay(void *amount) {\n"
               "    balance += *(int *)amount;\n"
               "    return 0;\n"
               "}\n");
    write_file(owner, folder, "main.c",
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
    write_file(owner, folder, "Makefile",
               "CFLAGS = -O1 -Wall -MMD\n"
               "bank: main.o libaccount.a\n"
               "\t$(CC) $(LDFLAGS) main.o -L. -laccount -o $@ -lm\n"
               "libaccount.a: account.o\n"
               "\tar rc $@ $^\n");
}

Test(explore_command, cc_builds_a_program_of_many_files) {
    write_project();
    struct run_outcome outcome = in_folder(talloc_asprintf(
        owner, "make CC='%s cc' >/dev/null && hazard explore --json ./bank", hazard_path(owner)));
    json_t *answer = json_loads(outcome.output, 0, NULL);
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
    char words[80]; /* on stderr */
} cc_rows[] = {
    {"hazard cc main.c account.c -o bank", 0, ""},
    {"hazard cc -x c - -o bank <main.c", 1, "undefined reference to `pay'"},
    {"HAZARD_CC=clang hazard cc main.c account.c -o bank && hazard explore ./bank", 1, ""},
    {"hazard cc -c main.c && hazard cc main.o account.c -o bank", 0, ""},
    {"hazard cc -c nothing.c", 1, "nothing.c"},
    {"hazard cc --version", 0, ""},
    {"hazard cc -shared account.c -o libaccount.so", 2, "-shared: explore cannot take shared"},
    {"hazard cc -static main.c account.c", 2, "-static: explore takes over functions"},
    {"hazard cc -fsanitize=address main.c account.c", 2, "-fsanitize=address: explore brings its"},
    {"hazard cc -fno-sanitize=all -c main.c", 2, "-fno-sanitize=all: explore brings its own"},
    {"hazard cc @words", 2, "@words: words in a file are not looked at"},
    {"hazard cc main.cpp", 2, "main.cpp: explore takes C"},
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
        cr_expect(strstr(outcome.errors, cc_rows[i].words) != NULL, "%s: %s", cc_rows[i].line,
                  outcome.errors);
        in_folder("rm -f *.o *.a *.s bank");
    }
}

/* The flags of a build are part of what is built: another -O is another program. */
Test(explore_command, a_program_of_the_suite_is_built_again_for_other_flags) {
    const char *plain = in_folder("hazard explore counter --json -- 2 1").output;
    const char *other = in_folder("hazard explore counter -O1 --json -- 2 1").output;
    cr_expect(strstr(plain, "compiled with") == NULL);
    cr_expect(strstr(other, "compiled with -O1") != NULL);
}
