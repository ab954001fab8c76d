/* SPDX-License-Identifier: MIT */
/*
 * False alarms of third-party tools, on the small correct programs of tests/fixtures/alarms (and three that are not
 * correct): what explore refutes, what is only marked, what stays found.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tool.h"
#include "hazard/suite/known_alarms.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"

#define ALARMS "tests/fixtures/alarms/"

enum column { TSAN, TSAN_GCC, HELGRIND, DRD, COLUMNS };
static const char *const detectors[COLUMNS] = {"tsan", "tsan-gcc", "helgrind", "drd"};

/* "refuted:323": up to that version of the tool, then silent; "refuted?": or silent, by chance. */
static const struct row {
    const char *program;
    const char *verdicts[COLUMNS];
    const char *call; /* that the marks name; NULL: no call gives it away */
} rows[] = {
    {"call-once", {"refuted", "refuted", "refuted", "silent"}, "call_once"},
    {"pthread-once", {"silent", "silent", "refuted", "silent"}, "pthread_once"},
    {"mtx-lock", {"refuted", "refuted", "silent", "silent"}, "mtx_lock"},
    {"cnd-wait", {"refuted", "refuted", "silent", "silent"}, "mtx_lock"},
    {"thrd-create", {"unsupported", "unsupported", "silent", "unsupported:323"}, NULL},
    {"mutex-clocklock",
     {"refuted:1899", "refuted", "refuted:323", "silent"},
     "pthread_mutex_clocklock"},
    {"cond-clockwait", {"silent", "silent", "silent", "silent"}, NULL},
    {"rwlock-clockwrlock",
     {"refuted", "refuted", "silent", "silent"},
     "pthread_rwlock_clockwrlock"},
    {"rwlock-clockrdlock",
     {"refuted?", "refuted?", "silent", "silent"},
     "pthread_rwlock_clockrdlock"},
    {"sem-clockwait", {"refuted", "refuted", "refuted", "refuted"}, "sem_clockwait"},
    {"tryjoin", {"silent", "silent", "refuted", "refuted"}, "pthread_tryjoin_np"},
    {"timedjoin", {"silent", "silent", "refuted", "refuted"}, "pthread_timedjoin_np"},
    {"clockjoin", {"refuted", "refuted", "refuted", "refuted"}, "pthread_clockjoin_np"},
    {"fence", {"refuted", "refuted", "refuted", "refuted"}, NULL},
    {"release-acquire", {"silent", "silent", "refuted", "refuted"}, NULL},
    {"gate-lock", {"refuted", "refuted", "refuted", "silent"}, NULL},
    {"trylock", {"silent", "silent", "refuted", "silent"}, "pthread_mutex_trylock"},
    {"signal-unlocked", {"silent", "silent", "refuted", "refuted"}, "pthread_cond_signal"},
};

static json_t *check(void *owner, const char *options, const char *program, int exit_code) {
    char *line = talloc_asprintf(owner, "hazard check --json %s " ALARMS "%s.c", options, program);
    struct run_outcome outcome = command(owner, line);
    cr_assert(eq(int, outcome.status, exit_code), "%s\n%s%s", line, outcome.output, outcome.errors);
    json_t *answer = answer_program(outcome.output);
    cr_assert(answer != NULL, "%s: no JSON: %s", line, outcome.output);
    return answer;
}

static json_t *result_of(const json_t *answer, const char *detector) {
    size_t i;
    json_t *result;
    json_array_foreach(json_object_get(answer, "results"), i, result) {
        if (strcmp(answer_word(result, "detector"), detector) == 0)
            return result;
    }
    return NULL;
}

static int version_of(enum column column) {
    static const char *const tools[COLUMNS] = {"clang", "gcc", "valgrind", "valgrind"};
    return tool_version(tools[column]);
}

/* The verdict must be the row's, with the tool at hand. */
static bool is_as_said(const char *said, enum column column, const char *verdict) {
    const char *colon = strchr(said, ':');
    size_t length = strcspn(said, ":?");
    if (colon != NULL && version_of(column) > atoi(colon + 1))
        return strcmp(verdict, "silent") == 0;
    if (said[length] == '?' && strcmp(verdict, "silent") == 0)
        return true;
    return strlen(verdict) == length && strncmp(verdict, said, length) == 0;
}

/* Each finding is said to be refuted, and those that a call gives away name it. */
static void expect_doubts(const struct row *row, const json_t *result) {
    size_t i;
    json_t *finding;
    json_array_foreach(json_object_get(result, "findings"), i, finding) {
        const char *doubt = answer_word(finding, "doubt");
        bool refuted = json_is_true(json_object_get(finding, "refuted"));
        cr_expect(refuted, "%s", row->program);
        cr_expect(strncmp(doubt, "refuted by explore: ", 20) == 0, "%s: %s", row->program, doubt);
        cr_expect(row->call == NULL || strstr(doubt, row->call) != NULL, "%s: %s", row->program,
                  doubt);
    }
}

static void check_row(const struct row *row) {
    void *owner = new_owner();
    json_t *answer = check(owner, "--runs 2", row->program, 0);
    cr_expect(strcmp(answer_word(result_of(answer, "explore"), "verdict"), "proved") == 0, "%s",
              row->program);
    for (int column = 0; column < COLUMNS; column++) {
        const json_t *result = result_of(answer, detectors[column]);
        const char *verdict = answer_word(result, "verdict");
        cr_expect(is_as_said(row->verdicts[column], (enum column)column, verdict),
                  "%s under %s: %s", row->program, detectors[column], verdict);
        if (strcmp(verdict, "refuted") == 0)
            expect_doubts(row, result);
        else
            cr_expect(eq(sz, answer_count(result, "findings"), 0), "%s", row->program);
        if (strcmp(verdict, "unsupported") == 0)
            cr_expect(strstr(answer_word(result, "detail"), "the tool does not know thrd_create") !=
                      NULL);
    }
    json_decref(answer);
    talloc_free(owner);
}

/* Several tests, because several run at once: each third row. */
static void check_rows(size_t from) {
    for (size_t i = from; i < sizeof rows / sizeof *rows; i += 3)
        check_row(&rows[i]);
}

Test(alarms, no_correct_program_is_found, .timeout = 600) {
    check_rows(0);
}
Test(alarms, no_more_correct_program_is_found, .timeout = 600) {
    check_rows(1);
}
Test(alarms, still_no_more_correct_program_is_found, .timeout = 600) {
    check_rows(2);
}

static const json_t *finding_of_kind(const json_t *result, const char *kind) {
    size_t i;
    json_t *finding;
    json_array_foreach(json_object_get(result, "findings"), i, finding) {
        if (strcmp(answer_word(finding, "kind"), kind) == 0)
            return finding;
    }
    return NULL;
}

/* Of the first detector: its verdict, and what speaks against its finding of that kind. */
static void expect_verdict(const char *options, const char *program, int exit_code,
                           const char *verdict, const char *kind, const char *doubt) {
    void *owner = new_owner();
    json_t *answer = check(owner, options, program, exit_code);
    const json_t *result = json_array_get(json_object_get(answer, "results"), 0);
    const json_t *finding = finding_of_kind(result, kind);
    cr_expect(strcmp(answer_word(result, "verdict"), verdict) == 0, "%s %s: %s", options, program,
              answer_word(result, "verdict"));
    cr_assert(finding != NULL, "%s %s: no %s", options, program, kind);
    cr_expect(strcmp(answer_word(finding, "doubt"), doubt) == 0, "%s %s: %s", options, program,
              answer_word(finding, "doubt"));
    cr_expect(json_object_get(finding, "refuted") == NULL);
    json_decref(answer);
    talloc_free(owner);
}

/* Nothing refutes it where explore is not asked, or proves only what the program assumes. */
Test(alarms, a_known_alarm_that_nothing_refutes_is_doubtful, .timeout = 300) {
    expect_verdict(
        "--runs 1 --with tsan-gcc", "call-once", 3, "doubtful", "data-race",
        "known false alarm of tsan-gcc with call_once: it does not know C11's call_once");
    expect_verdict(
        "--runs 1 --with helgrind,explore", "under-an-assumption", 3, "doubtful", "data-race",
        "known false alarm of helgrind with call_once: it does not know C11's call_once");
}

Test(alarms, a_report_that_no_call_gives_away_and_nothing_refutes_is_found, .timeout = 300) {
    expect_verdict("--runs 1 --with helgrind", "gate-lock", 1, "found", "lock-order", "");
}

/* Who takes no lock does not race because a tool does not see the other's. */
Test(alarms, a_race_beside_such_a_lock_is_found, .timeout = 300) {
    expect_verdict("--runs 1 --with tsan", "race-beside-clocklock", 1, "found", "data-race", "");
    expect_verdict("--runs 1 --with helgrind", "race-beside-clocklock", 1, "found", "data-race",
                   "");
}

/* It also crashes without the tool, so it is no death of the tool's. */
Test(alarms, a_crash_of_the_programs_own_is_found, .timeout = 300) {
    static const char *const options[] = {"--runs 1 --with tsan", "--runs 1 --with tsan-gcc",
                                          "--runs 1 --with drd"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        expect_verdict(options[i], "crash-of-its-own", 1, "found", "crash", "");
}

/* What readers of reports see of it: a test that has passed, a result that is suppressed. */
Test(alarms, reports_carry_what_is_refuted, .timeout = 300) {
    void *owner = new_owner();
    const char *folder = scratch_new(owner);
    struct run_outcome outcome = command(
        owner, talloc_asprintf(owner,
                               "hazard check --runs 1 --with tsan-gcc,explore --junit %s/j.xml "
                               "--sarif %s/s.sarif " ALARMS "call-once.c",
                               folder, folder));
    cr_assert(eq(int, outcome.status, 0), "%s%s", outcome.output, outcome.errors);
    cr_expect(strstr(outcome.output, "1 program: 1 proved, 1 refuted") != NULL, "%s",
              outcome.output);
    const char *junit = read_file(owner, talloc_asprintf(owner, "%s/j.xml", folder));
    cr_expect(strstr(junit, "failures=\"0\"") != NULL, "%s", junit);
    cr_expect(strstr(junit, "<system-out>data-race: ") != NULL, "%s", junit);
    json_t *sarif = json_load_file(talloc_asprintf(owner, "%s/s.sarif", folder), 0, NULL);
    json_t *run = json_array_get(json_object_get(sarif, "runs"), 0);
    cr_assert(eq(sz, answer_count(run, "results"), 1));
    const json_t *result = json_array_get(json_object_get(run, "results"), 0);
    cr_expect(strcmp(answer_word(result, "level"), "note") == 0);
    const json_t *suppression = json_array_get(json_object_get(result, "suppressions"), 0);
    cr_expect(strcmp(answer_word(suppression, "kind"), "external") == 0);
    cr_expect(strncmp(answer_word(suppression, "justification"), "refuted by explore", 18) == 0);
    json_decref(sarif);
    scratch_remove(folder);
    talloc_free(owner);
}

/* ---- What the user knows --------------------------------------------------------------------- */

#define SUPPRESSIONS "--suppressions=tests/fixtures/suppressions/"

Test(alarms, the_users_suppressions_are_left_out_and_told, .timeout = 300) {
    static const struct {
        const char *options, *detail;
    } lists[] = {
        {"--with tsan " SUPPRESSIONS "tsan.supp", "suppressed: deadlock:forwards"},
        {"--with tsan-gcc " SUPPRESSIONS "tsan.supp", "suppressed: deadlock:forwards"},
        {"--with helgrind " SUPPRESSIONS "valgrind.supp " SUPPRESSIONS "tsan.supp",
         "suppressed: the gate makes one of the two orders wait"},
    };
    void *owner = new_owner();
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        json_t *answer =
            check(owner, talloc_asprintf(owner, "--runs 1 %s", lists[i].options), "gate-lock", 0);
        const json_t *result = json_array_get(json_object_get(answer, "results"), 0);
        cr_expect(strcmp(answer_word(result, "verdict"), "silent") == 0, "%s", lists[i].options);
        cr_expect(strstr(answer_word(result, "detail"), lists[i].detail) != NULL, "%s: %s",
                  lists[i].options, answer_word(result, "detail"));
        json_decref(answer);
    }
    talloc_free(owner);
}

/* One of the other tool leaves nothing out. */
Test(alarms, a_list_is_for_its_own_tool, .timeout = 300) {
    expect_verdict("--runs 1 --with tsan-gcc " SUPPRESSIONS "valgrind.supp", "gate-lock", 1,
                   "found", "lock-order", "");
}

Test(alarms, a_list_in_no_known_format_is_misuse) {
    static const struct {
        const char *options, *words;
    } lists[] = {
        {SUPPRESSIONS "neither.supp", "neither.supp:1 is no suppression: ThreadSanitizer's are"},
        {SUPPRESSIONS "none.supp", "none.supp: there is no suppression in it"},
        {"--suppressions=not-there", "cannot read not-there"},
        {SUPPRESSIONS "tsan.supp " SUPPRESSIONS "tsan.supp", "are both of ThreadSanitizer"},
    };
    void *owner = new_owner();
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct run_outcome outcome =
            command(owner, talloc_asprintf(owner, "hazard check %s " ALARMS "gate-lock.c",
                                           lists[i].options));
        cr_expect(eq(int, outcome.status, 2), "%s", lists[i].options);
        cr_expect(strstr(outcome.errors, lists[i].words) != NULL, "%s: %s", lists[i].options,
                  outcome.errors);
    }
    talloc_free(owner);
}

/* The page for people and the table are one. */
Test(alarms, the_page_has_each_row_of_the_table) {
    void *owner = new_owner();
    const char *page = read_file(owner, "docs/false-alarms.md");
    for (const struct known_alarm *alarm = known_alarms; alarm->calls != NULL; alarm++)
        cr_expect(strstr(page, alarm->why) != NULL, "%s under %s: %s", alarm->calls,
                  alarm->detector, alarm->why);
    talloc_free(owner);
}
