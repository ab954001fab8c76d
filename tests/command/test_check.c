/* SPDX-License-Identifier: MIT */
/*
 * `hazard check` on programs that the suite has never seen. Lines are not typed: the programs carry
 * markers.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/suite/marks.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

#define PROGRAMS "tests/fixtures/programs/"

static json_t *check(void *owner, const char *options, int exit_code) {
    char *line = talloc_asprintf(owner, "hazard check --json %s", options);
    struct run_outcome outcome = command(owner, line);
    cr_assert(eq(int, outcome.status, exit_code), "%s\n%s%s", line, outcome.output, outcome.errors);
    json_t *answer = answer_program(outcome.output);
    cr_assert(answer != NULL, "%s: no JSON: %s", line, outcome.output);
    return answer;
}

/* Is there a finding of that kind with a location at a marked line of `file`? */
static bool points_at_mark(const json_t *result, const char *kind, const char *file) {
    void *owner = talloc_new(NULL);
    struct marks marks = {0};
    struct error error;
    cr_assert(marks_read(owner, file, &marks, &error) == 0, "%s", error.text);
    bool points = false;
    size_t i, j;
    json_t *finding, *location;
    json_array_foreach(json_object_get(result, "findings"), i, finding) {
        json_array_foreach(json_object_get(finding, "locations"), j, location) {
            int line = answer_number(location, "line");
            for (size_t m = 0; m < marks.count; m++)
                points |= strcmp(answer_word(finding, "kind"), kind) == 0 &&
                          marks.items[m].line == line &&
                          strcmp(answer_word(location, "file"), file) == 0;
        }
    }
    talloc_free(owner);
    return points;
}

static const struct row {
    char options[120];
    int exit_code;
    char verdict[12];
    char kind[12]; /* "": no finding */
    char detail[64];
} rows[] = {
    {"--with tsan " PROGRAMS "racy.c", 1, "found", "data-race", "ended (its exit status is hidden"},
    {"--with tsan-gcc " PROGRAMS "racy.c", 1, "found", "data-race",
     "ended (its exit status is hidden"},
    {"--with helgrind " PROGRAMS "racy.c", 1, "found", "data-race", "exit 0"},
    {"--with drd " PROGRAMS "racy.c", 1, "found", "data-race", "exit 0"},
    {"--with helgrind " PROGRAMS "own-locks.c", 0, "silent", "",
     "exit 0; left out: false alarms on"},
    {"--with drd " PROGRAMS "own-locks.c", 0, "silent", "", "exit 0; left out: false alarms on"},
    {"--with drd " PROGRAMS "own-locks.c -- 1", 1, "found", "data-race", "exit 0"},
    {"--with tsan " PROGRAMS "abba.c", 1, "found", "lock-order",
     "ended (its exit status is hidden"},
    {"--with helgrind " PROGRAMS "abba.c", 1, "found", "lock-order", "exit 0"},
    {"--with drd " PROGRAMS "abba.c", 0, "silent", "", "exit 0"},
    {"--with tsan " PROGRAMS "clean.c", 0, "silent", "", "exit 0"},
    {"--with helgrind " PROGRAMS "clean.c", 0, "silent", "", "exit 0"},
    {"--with tsan-gcc --env A=1 --cwd /usr " PROGRAMS "surroundings.c", 0, "silent", "", "exit 0"},
    {"--with drd --env A=1 --cwd /usr " PROGRAMS "surroundings.c", 0, "silent", "", "exit 0"},
    {"--with drd " PROGRAMS "surroundings.c", 1, "silent", "", "exit 1"},
    {"--with tsan-gcc --stdin " PROGRAMS "six-bytes " PROGRAMS "input-counted.c", 0, "silent", "",
     "exit 0"},
    {"--with drd --stdin " PROGRAMS "six-bytes " PROGRAMS "input-counted.c", 0, "silent", "",
     "exit 0"},
    {"--with drd " PROGRAMS "input-counted.c", 1, "silent", "", "exit 1"},
    {"--with tsan " PROGRAMS "clean.c -- fail", 1, "silent", "", "exit 1"},
    {"--with tsan --time-limit 2 " PROGRAMS "for-ever.c", 3, "hung", "", "still running after 2 s"},
    {"--with drd --time-limit 2 " PROGRAMS "for-ever.c", 3, "hung", "", "still running after 2 s"},
    {"--with tsan " PROGRAMS "prints-for-ever.c", 3, "hung", "", "printed without end: stopped at"},
    {"--with helgrind " PROGRAMS "prints-for-ever.c", 3, "hung", "",
     "printed without end: stopped at"},
    {"--with tsan --runs 1 " PROGRAMS "stuck.c", 1, "found", "deadlock", "stuck: 1 thread blocked"},
    {"--with helgrind --runs 1 " PROGRAMS "stuck.c", 3, "hung", "", "stuck: "},
    {"--with tsan --runs 1 " PROGRAMS "naps.c", 0, "silent", "", "exit 0"},
    {"--with tsan --runs 1 " PROGRAMS "timer.c", 0, "silent", "", "exit 0"},
    {"--with tsan --runs 1 " PROGRAMS "alarm.c", 0, "silent", "", "exit 0"},
    {"--with tsan --runs 1 " PROGRAMS "hides-report.c", 3, "unsupported", "",
     "ThreadSanitizer reported something that was lost"},
    {"--with helgrind --runs 1 " PROGRAMS "hides-report.c", 1, "found", "data-race", "exit 0"},
    {"--with tsan --runs 1 " PROGRAMS "asks-for-silence.c", 1, "found", "data-race", "ended ("},
    {"--with tsan --runs 1 " PROGRAMS "forges-reports.c", 0, "silent", "", "exit 0"},
    {"--with tsan-gcc --runs 1 " PROGRAMS "forges-reports.c", 0, "silent", "", "exit 0"},
    {"--with helgrind --runs 1 " PROGRAMS "forges-reports.c -- descriptors", 0, "silent", "",
     "exit 0"},
    {"--with drd --runs 1 " PROGRAMS "forges-reports.c -- descriptors", 0, "silent", "", "exit 0"},
    {"--with explore " PROGRAMS "forges-reports.c", 0, "proved", "", "1 execution"},
    {"--with inject --signal=USR1 " PROGRAMS "forges-reports.c -- signal", 0, "proved", "", ""},
    {"--with tsan --runs 1 " PROGRAMS "racy-raw-exit.c", 1, "found", "data-race", "exit 0"},
    {"--with tsan-gcc --runs 1 " PROGRAMS "racy-raw-exit.c -- quick", 1, "found", "data-race",
     "exit 0"},
    {"--with tsan --runs 1 " PROGRAMS "racy-raw-exit.c -- exec", 1, "found", "data-race", "exit 0"},
    {"--with drd --runs 1 " PROGRAMS "execs.c", 3, "unsupported", "",
     "Valgrind's report stops before its end"},
    {"--with tsan --runs 1 " PROGRAMS "killed.c", 1, "found", "crash", "killed by SIGKILL"},
    {"--with tsan --runs 1 --server " PROGRAMS "clean.c", 3, "unsupported", "",
     "it never listened"},
    {"--with drd --runs 1 " PROGRAMS "aborts.c", 1, "found", "crash", "killed by SIGABRT"},
    {"--with tsan --runs 1 " PROGRAMS "aborts.c", 1, "found", "crash", "killed by SIGABRT"},
};

static void check_row(const struct row *row) {
    void *owner = talloc_new(NULL);
    json_t *answer = check(owner, row->options, row->exit_code);
    json_t *result = json_array_get(json_object_get(answer, "results"), 0);
    cr_expect(strcmp(answer_word(result, "verdict"), row->verdict) == 0, "%s: %s", row->options,
              answer_word(result, "verdict"));
    cr_expect(strncmp(answer_word(result, "detail"), row->detail, strlen(row->detail)) == 0,
              "%s: %s", row->options, answer_word(result, "detail"));
    if (*row->kind == '\0') {
        cr_expect(eq(sz, answer_count(result, "findings"), 0), "%s", row->options);
    } else if (strcmp(row->kind, "crash") != 0) {
        cr_expect(points_at_mark(result, row->kind, answer_word(answer, "program")),
                  "%s: no %s at a marked line", row->options, row->kind);
    }
    json_decref(answer);
    talloc_free(owner);
}

/* What lies where the program runs, and would suppress all, does not count. */
Test(check, valgrind_takes_options_from_nobody_else, .timeout = 300) {
    static const char suppressions[] = "{\n a\n Helgrind:Race\n ...\n}\n"
                                       "{\n b\n drd:ConflictingAccess\n ...\n}\n";
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    const char *file = write_file(owner, folder, "all.supp", suppressions);
    const char *options = talloc_asprintf(owner, "--suppressions=%s\n", file);
    write_file(owner, folder, ".valgrindrc", options);
    command(owner, talloc_asprintf(owner, "chmod 644 %s/.valgrindrc", folder));
    json_t *answer = check(
        owner,
        talloc_asprintf(owner,
                        "--with helgrind,drd --runs 1 --cwd %s --env VALGRIND_OPTS=%.*s " PROGRAMS
                        "racy.c",
                        folder, (int)strlen(options) - 1, options),
        1);
    for (size_t i = 0; i < 2; i++)
        cr_expect(points_at_mark(json_array_get(json_object_get(answer, "results"), i), "data-race",
                                 PROGRAMS "racy.c"));
    json_decref(answer);
    scratch_remove(folder);
    talloc_free(owner);
}

/* gcc 12's ThreadSanitizer ends the child; what the program makes of that is no failure of its own. */
Test(check, what_a_tool_does_to_a_child_is_not_the_programs_fault, .timeout = 300) {
    void *owner = talloc_new(NULL);
    json_t *answer =
        check(owner, "--with tsan-gcc,drd --runs 1 tests/fixtures/reports/fork-thread.c", 0);
    json_t *result = json_array_get(json_object_get(answer, "results"), 0);
    bool failed = json_is_true(json_object_get(result, "program_failed"));
    cr_expect(eq(int, failed, 0));
    cr_expect(strstr(answer_word(result, "detail"), "closes descriptors") == NULL, "%s",
              answer_word(result, "detail"));
    json_decref(answer);
    talloc_free(owner);
}

/* Several tests, because several run at once: each third row. */
static void check_rows(size_t from) {
    for (size_t i = from; i < sizeof rows / sizeof *rows; i += 3)
        check_row(&rows[i]);
}

Test(check, programs_never_seen_before, .timeout = 600) {
    check_rows(0);
}
Test(check, more_programs_never_seen_before, .timeout = 600) {
    check_rows(1);
}
Test(check, still_more_programs_never_seen_before, .timeout = 600) {
    check_rows(2);
}

/* It has the catalogue's arguments, is built in the suite's folder, and is judged as planned. */
Test(check, a_file_of_the_suite_is_a_program_of_the_suite, .timeout = 300) {
    void *owner = talloc_new(NULL);
    struct run_outcome outcome =
        command(owner, "hazard check --with explore --runs 1 fixed/counter.c");
    cr_expect(eq(int, outcome.status, 0), "%s%s", outcome.output, outcome.errors);
    cr_expect(strstr(outcome.output, "fixed/counter.c  counter, fixed") != NULL, "%s",
              outcome.output);
    cr_expect(strstr(outcome.output, "as expected; 90 executions") != NULL, "%s", outcome.output);
    talloc_free(owner);
}

/* ---- Again and again ------------------------------------------------------------------------- */

static const char watched[] = "#include <pthread.h>\n"
                              "#include \"own.h\"\n"
                              "static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n"
                              "static long sum;\n"
                              "static void *add(void *one) {\n"
                              "    TAKE(&lock);\n"
                              "    sum++;\n"
                              "    LEAVE(&lock);\n"
                              "    return one;\n"
                              "}\n"
                              "int main(void) {\n"
                              "    pthread_t a, b;\n"
                              "    pthread_create(&a, NULL, add, NULL);\n"
                              "    pthread_create(&b, NULL, add, NULL);\n"
                              "    pthread_join(a, NULL);\n"
                              "    pthread_join(b, NULL);\n"
                              "    return 0;\n"
                              "}\n";
static const char with_lock[] =
    "#define TAKE pthread_mutex_lock\n#define LEAVE pthread_mutex_unlock\n";

/* Each round ends with a line on stderr, here a pipe, from which the shell reads when to go on. */
static struct run_outcome watch(void *owner, const char *folder, const char *changes) {
    write_file(owner, folder, "own.c", watched);
    write_file(owner, folder, "own.h", with_lock);
    return command(
        owner,
        talloc_asprintf(
            owner,
            "cd %s; mkfifo news; env --default-signal=INT %s check --watch --with drd --runs 1 "
            "own.c >results 2>news & pid=$!; exec 3<%s/news; "
            "next() { while read -r line <&3; do case $line in *watching*) return;; esac; done; }; "
            "cd %s; next; %s; kill -INT $pid; wait $pid; echo status $?; cat results",
            folder, hazard_path(owner), folder, folder, changes));
}

static size_t occurrences(const char *text, const char *words) {
    size_t count = 0;
    for (; (text = strstr(text, words)) != NULL; text++)
        count++;
    return count;
}

static const struct watch_row {
    char changes[112];
    size_t silent, found; /* rounds */
    int status;
} watch_rows[] = {
    {"true", 1, 0, 0},
    {"touch own.c; next", 2, 0, 0},
    {"printf '#define TAKE(m)\\n#define LEAVE(m) (void)m\\n' >own.h; next", 1, 1, 1},
    {"sed -i '/LEAVE/d; s/TAKE/(void)/' own.c; next; touch own.c; next", 1, 2, 1},
    {"mv own.c other.c; mv other.c own.c; next", 2, 0, 0},
    {"echo wrong >>own.c; next", 1, 0, 2},
    {"touch nothing.c own.o; touch own.c; next", 2, 0, 0},
};

Test(check, a_change_is_checked_again, .timeout = 300) {
    for (size_t i = 0; i < sizeof watch_rows / sizeof *watch_rows; i++) {
        const struct watch_row *row = &watch_rows[i];
        void *owner = talloc_new(NULL);
        const char *folder = scratch_new(owner);
        struct run_outcome outcome = watch(owner, folder, row->changes);
        scratch_remove(folder);
        const char *out = outcome.output;
        cr_expect(eq(sz, occurrences(out, "1 program: 1 silent"), row->silent), "%s: %s",
                  row->changes, out);
        cr_expect(eq(sz, occurrences(out, "1 program: 1 found"), row->found), "%s: %s",
                  row->changes, out);
        const char *status = talloc_asprintf(owner, "status %d\n", row->status);
        cr_expect(strncmp(out, status, strlen(status)) == 0, "%s: %s", row->changes, out);
        talloc_free(owner);
    }
}

Test(check, what_is_not_there_is_not_watched, .timeout = 300) {
    static const char *const lines[] = {"hazard check --watch nothing.c",
                                        "hazard check --watch countr",
                                        "hazard check --watch --with nobody counter"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        void *owner = talloc_new(NULL);
        cr_expect(eq(int, command(owner, lines[i]).status, 2), "%s", lines[i]);
        talloc_free(owner);
    }
}

/* ---- What is said at the end ----------------------------------------------------------------- */

static const struct lesson_row {
    char options[64], words[80]; /* "": there is no hint */
} lesson_rows[] = {
    {"--with drd " PROGRAMS "racy.c", "hazard show counter (data-race)\n"},
    {"--with tsan-gcc " PROGRAMS "abba.c", "hazard show traffic-gridlock (deadlock)\n"},
    {"--with drd " PROGRAMS "clean.c", ""},
    {"--with drd " PROGRAMS "aborts.c", "hazard show sigpipe (crash)\n"},
    {"--with drd " PROGRAMS "clean.c -- fail", ""}, /* nothing but its exit status */
    {"--with drd " PROGRAMS "stuck.c", ""},         /* undecided */
    {"--json --with drd " PROGRAMS "racy.c", ""},
    {"--with drd lazy-init", "hazard show lazy-init (data-race)\n"},
    {"--with drd lazy-init counter", ""}, /* of which? */
    {"--with drd fixed/counter.c", ""},
};

Test(check, a_failed_check_ends_with_a_hint_of_the_catalogue, .timeout = 300) {
    for (size_t i = 0; i < sizeof lesson_rows / sizeof *lesson_rows; i++) {
        const struct lesson_row *row = &lesson_rows[i];
        void *owner = talloc_new(NULL);
        struct run_outcome outcome =
            command(owner, talloc_asprintf(owner, "hazard check --runs 1 %s", row->options));
        const char *hint = strstr(outcome.output, "\nto learn more, and how it is mended: ");
        cr_expect(eq(int, hint != NULL, *row->words != '\0'), "%s: %s", row->options,
                  outcome.output);
        cr_expect(hint == NULL || strstr(hint, row->words) != NULL, "%s: %s", row->options, hint);
        cr_expect(hint == NULL || strchr(hint + 1, '\n')[1] == '\0', "the last line: %s", hint);
        talloc_free(owner);
    }
}

/* What the program under test writes into our pipes must not be taken for an answer. */
/* Where the other thread was DRD says now and then: without those lines. */
static const char *without_the_other_thread(char *text) {
    char *rest = text, *to = text, *line;
    while ((line = strsep(&rest, "\n")) != NULL && (*line != '\0' || rest != NULL)) {
        if (strstr(line, "the other thread:") != NULL)
            continue;
        size_t length = strlen(line);
        memmove(to, line, length);
        to += length;
        *to++ = '\n';
    }
    *to = '\0';
    return text;
}

/* Of one variable in one function; what is raced on elsewhere is not hidden by it. */
Test(check, drd_tells_each_race_once, .timeout = 300) {
    void *owner = talloc_new(NULL);
    struct run_outcome outcome = command(
        owner, "hazard check --with drd --runs 1 --sarif /dev/stderr " PROGRAMS "repeats.c");
    cr_expect(eq(int, outcome.status, 1), "%s", outcome.errors);
    static const char *const told[] = {
        "17 |     turns++;\n      the same at 2 further lines of turn: 19, 20\n",
        "18 |     pair->first++;\n      the same at 1 further line of turn: 21\n",
        "22 |     pair->second++;\n",
        "12 |     turns--;\n",
    };
    const char *said = without_the_other_thread(outcome.output);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        cr_expect(strstr(said, told[i]) != NULL, "'%s' is not in %s", told[i], said);
    json_t *log = json_loads(outcome.errors, 0, NULL);
    json_t *results = json_object_get(json_array_get(json_object_get(log, "runs"), 0), "results");
    cr_assert(eq(sz, json_array_size(results), 4), "%s", outcome.errors);
    json_t *first = json_array_get(results, 0);
    const char *message = answer_word(json_object_get(first, "message"), "text");
    cr_expect(strstr(message, "; the same at 2 further lines of turn: 19, 20") != NULL, "%s",
              message);
    /* Where the other thread was DRD says now and then. */
    json_t *place;
    size_t i, again = 0;
    json_array_foreach(json_object_get(first, "relatedLocations"), i, place) {
        const char *text = answer_word(json_object_get(place, "message"), "text");
        again += strcmp(text, "the same again") == 0;
    }
    cr_expect(eq(sz, again, 2), "%s", outcome.errors);
    json_t *answer = check(owner, "--with drd --runs 1 " PROGRAMS "repeats.c", 1);
    json_t *findings =
        json_object_get(json_array_get(json_object_get(answer, "results"), 0), "findings");
    json_t *further = json_object_get(json_array_get(findings, 0), "further");
    cr_assert(eq(sz, json_array_size(further), 2));
    cr_expect(
        eq(int, (int)json_integer_value(json_object_get(json_array_get(further, 1), "line")), 20));
    json_decref(log);
    json_decref(answer);
    talloc_free(owner);
}

Test(check, an_answer_cannot_be_forged, .timeout = 300) {
    void *owner = talloc_new(NULL);
    struct run_outcome outcome =
        command(owner, "hazard check --with drd --runs 1 " PROGRAMS "forges.c");
    cr_expect(eq(int, outcome.status, 2), "%s", outcome.output);
    cr_expect(strstr(outcome.errors, "a worker ended without an answer") != NULL, "%s",
              outcome.errors);
    talloc_free(owner);
}

Test(check, all_detectors_by_default_in_their_order, .timeout = 300) {
    void *owner = talloc_new(NULL);
    json_t *answer = check(owner, "--runs 1 " PROGRAMS "clean.c", 0);
    static const char *const order[] = {"tsan", "tsan-gcc", "helgrind", "drd", "explore"};
    json_t *results = json_object_get(answer, "results");
    cr_assert(eq(sz, json_array_size(results), 5), "probe is for programs that listen");
    for (size_t i = 0; i < 5; i++)
        cr_expect(strcmp(answer_word(json_array_get(results, i), "detector"), order[i]) == 0,
                  "column %zu", i);
    json_decref(answer);
    talloc_free(owner);
}

Test(check, a_program_of_several_files, .timeout = 300) {
    void *owner = talloc_new(NULL);
    json_t *answer =
        check(owner, "--with tsan " PROGRAMS "two-files-main.c " PROGRAMS "two-files-count.c", 1);
    json_t *result = json_array_get(json_object_get(answer, "results"), 0);
    json_t *finding = json_array_get(json_object_get(result, "findings"), 0);
    json_t *location = json_array_get(json_object_get(finding, "locations"), 0);
    cr_expect(strcmp(answer_word(location, "file"), PROGRAMS "two-files-count.c") == 0, "%s",
              answer_word(location, "file"));
    cr_expect(strcmp(answer_word(location, "function"), "count") == 0);
    json_decref(answer);
    talloc_free(owner);
}

Test(check, what_the_compiler_says_is_passed_on) {
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    const char *path =
        write_file(owner, folder, "broken.c", "int main(void) {\n    return missing;\n}\n");
    struct run_outcome outcome =
        command(owner, talloc_asprintf(owner, "hazard check --with tsan %s", path));
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "broken.c:2:12: error:") != NULL, "%s", outcome.errors);
    cr_expect(strstr(outcome.errors, "broken.c does not compile with clang") != NULL, "%s",
              outcome.errors);
    cr_expect(strlen(outcome.output) == 0, "nothing on stdout: %s", outcome.output);
    scratch_remove(folder);
    talloc_free(owner);
}

Test(check, the_same_program_gives_the_same_bytes, .timeout = 300) {
    void *owner = talloc_new(NULL);
    const char *line = "hazard check --json --with drd " PROGRAMS
                       "abba.c; hazard check --with explore " PROGRAMS "racy.c";
    struct run_outcome first = command(owner, line), second = command(owner, line);
    cr_expect(strstr(first.output, "abba.c") != NULL &&
                  strstr(first.output, "data race on") != NULL,
              "%s", first.output);
    expect_text(first.output, second.output);
    talloc_free(owner);
}
