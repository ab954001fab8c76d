/* SPDX-License-Identifier: MIT */
/*
 * The parsers against real reports of real tools (tests/fixtures/reports, made by its `make`; the
 * version is in the file's name). What each must give stands in one table; at which line, the
 * marker in the program says.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/suite/marks.h"
#include "tests/support/text.h"
#include "tsan/tsan_parse.h"
#include "valgrind/valgrind_parse.h"

#define FOLDER "tests/fixtures/reports/"

static const struct row {
    char program[16];
    char report[28];
    int kind;   /* that one finding at a marked line must have; -1: the report must be silent */
    int guilty; /* actors in that finding */
} rows[] = {
    {"race", "tsan-14.0.6.txt", KIND_DATA_RACE, 2},
    {"race", "tsan-19.1.7.txt", KIND_DATA_RACE, 2},
    {"race", "tsan-21.1.8.txt", KIND_DATA_RACE, 2},
    {"race", "tsan-gcc-12.2.0.txt", KIND_DATA_RACE, 2},
    {"race", "tsan-gcc-16.2.0.txt", KIND_DATA_RACE, 2},
    {"race", "helgrind-3.19.0.xml", KIND_DATA_RACE, 2},
    {"race", "helgrind-3.24.0-fds.xml", KIND_DATA_RACE, 2},
    {"race", "helgrind-3.27.1.xml", KIND_DATA_RACE, 2},
    {"race", "drd-3.19.0.xml", KIND_DATA_RACE, 1},
    {"race", "drd-3.27.1.xml", KIND_DATA_RACE, 1},
    {"lock-order", "tsan-14.0.6.txt", KIND_LOCK_ORDER, 4},
    {"lock-order", "tsan-19.1.7.txt", KIND_LOCK_ORDER, 4},
    {"lock-order", "tsan-21.1.8.txt", KIND_LOCK_ORDER, 4},
    {"lock-order", "tsan-gcc-12.2.0.txt", KIND_LOCK_ORDER, 4},
    {"lock-order", "tsan-gcc-16.2.0.txt", KIND_LOCK_ORDER, 4},
    {"lock-order", "helgrind-3.19.0.xml", KIND_LOCK_ORDER, 3},
    {"lock-order", "helgrind-3.27.1.xml", KIND_LOCK_ORDER, 3},
    {"lock-order", "drd-3.19.0.xml", -1, 0},
    {"lock-order", "drd-3.27.1.xml", -1, 0},
    {"misuse", "tsan-14.0.6.txt", KIND_API_MISUSE, 1},
    {"misuse", "tsan-19.1.7.txt", KIND_API_MISUSE, 1},
    {"misuse", "tsan-21.1.8.txt", KIND_API_MISUSE, 1},
    {"misuse", "tsan-gcc-12.2.0.txt", KIND_API_MISUSE, 1},
    {"misuse", "tsan-gcc-16.2.0.txt", KIND_API_MISUSE, 1},
    {"misuse", "helgrind-3.19.0.xml", KIND_API_MISUSE, 1},
    {"misuse", "helgrind-3.27.1.xml", KIND_API_MISUSE, 1},
    {"misuse", "drd-3.19.0.xml", KIND_API_MISUSE, 1},
    {"misuse", "drd-3.27.1.xml", KIND_API_MISUSE, 1},
    {"heap", "tsan-14.0.6.txt", KIND_USE_AFTER_FREE, 2},
    {"heap", "tsan-19.1.7.txt", KIND_USE_AFTER_FREE, 2},
    {"heap", "tsan-21.1.8.txt", KIND_USE_AFTER_FREE, 2},
    {"heap", "tsan-gcc-12.2.0.txt", KIND_USE_AFTER_FREE, 2},
    {"heap", "tsan-gcc-16.2.0.txt", KIND_USE_AFTER_FREE, 2},
    {"heap", "helgrind-3.19.0.xml", -1, 0},
    {"heap", "helgrind-3.27.1.xml", -1, 0},
    {"handler", "tsan-14.0.6.txt", KIND_SIGNAL_UNSAFE_CALL, 1},
    {"handler", "tsan-19.1.7.txt", KIND_SIGNAL_UNSAFE_CALL, 1},
    {"handler", "tsan-21.1.8.txt", KIND_SIGNAL_UNSAFE_CALL, 1},
    {"handler", "tsan-gcc-12.2.0.txt", KIND_SIGNAL_UNSAFE_CALL, 1},
    {"handler", "tsan-gcc-16.2.0.txt", KIND_SIGNAL_UNSAFE_CALL, 1},
    {"handler", "helgrind-3.19.0.xml", -1, 0},
    {"handler", "helgrind-3.27.1.xml", -1, 0},
    {"handler", "drd-3.19.0.xml", -1, 0},
    {"handler", "drd-3.27.1.xml", -1, 0},
    {"thread-leak", "tsan-14.0.6.txt", KIND_THREAD_LEAK, 1},
    {"thread-leak", "tsan-19.1.7.txt", KIND_THREAD_LEAK, 1},
    {"thread-leak", "tsan-21.1.8.txt", KIND_THREAD_LEAK, 1},
    {"thread-leak", "tsan-gcc-12.2.0.txt", KIND_THREAD_LEAK, 1},
    {"thread-leak", "tsan-gcc-16.2.0.txt", KIND_THREAD_LEAK, 1},
    {"thread-leak", "helgrind-3.19.0.xml", -1, 0},
    {"thread-leak", "helgrind-3.27.1.xml", -1, 0},
    {"crash", "tsan-14.0.6.txt", KIND_CRASH, 1},
    {"crash", "tsan-19.1.7.txt", KIND_CRASH, 1},
    {"crash", "tsan-21.1.8.txt", KIND_CRASH, 1},
    {"crash", "tsan-gcc-12.2.0.txt", KIND_CRASH, 1},
    {"crash", "tsan-gcc-16.2.0.txt", KIND_CRASH, 1},
    {"crash", "helgrind-3.19.0.xml", KIND_CRASH, 1},
    {"crash", "helgrind-3.27.1.xml", KIND_CRASH, 1},
    {"crash", "drd-3.19.0.xml", KIND_CRASH, 1},
    {"crash", "drd-3.27.1.xml", KIND_CRASH, 1},
    {"dubious", "helgrind-3.19.0.xml", KIND_API_MISUSE, 1},
    {"dubious", "helgrind-3.24.0.xml", KIND_API_MISUSE, 1},
    {"dubious", "helgrind-3.27.1.xml", KIND_API_MISUSE, 1},
    {"dubious", "drd-3.19.0.xml", KIND_API_MISUSE, 1},
    {"dubious", "drd-3.24.0.xml", KIND_API_MISUSE, 1},
    {"dubious", "drd-3.27.1.xml", KIND_API_MISUSE, 1},
    {"dubious", "tsan-21.1.8.txt", -1, 0},
    {"clean", "tsan-14.0.6.txt", -1, 0},
    {"clean", "tsan-19.1.7.txt", -1, 0},
    {"clean", "tsan-21.1.8.txt", -1, 0},
    {"clean", "tsan-gcc-12.2.0.txt", -1, 0},
    {"clean", "tsan-gcc-16.2.0.txt", -1, 0},
    {"clean", "helgrind-3.19.0.xml", -1, 0},
    {"clean", "helgrind-3.27.1.xml", -1, 0},
    {"clean", "drd-3.19.0.xml", -1, 0},
    {"clean", "drd-3.27.1.xml", -1, 0},
};

/* *gap: what of it could not be read; NULL: nothing. */
static int parse_most(void *owner, const char *path, struct findings *findings, const char **gap,
                      struct error *error) {
    *gap = NULL;
    if (strstr(path, ".xml") != NULL) {
        struct valgrind_end end = {0};
        int result = valgrind_parse(owner, path, findings, &end, error);
        *gap = end.gap;
        return result;
    }
    char *text = file_read(owner, path, error);
    return text != NULL ? tsan_parse(owner, text, findings, gap, error) : -1;
}

static int parse(void *owner, const char *path, struct findings *findings, struct error *error) {
    const char *gap;
    int result = parse_most(owner, path, findings, &gap, error);
    cr_expect(gap == NULL, "%s: %s", path, gap != NULL ? gap : "");
    return result;
}

/* The markers of the program, as if it lay where the reports say it was compiled. */
static struct marks marks_of(void *owner, const char *program, const char *compiled_as) {
    struct marks marks = {0};
    struct error error;
    char *path = talloc_asprintf(owner, FOLDER "%s.c", program);
    cr_assert(eq(int, marks_read(owner, path, &marks, &error), 0), "%s", error.text);
    for (size_t i = 0; i < marks.count; i++)
        marks.items[i].file = compiled_as;
    return marks;
}

static int guilty_locations(const struct finding *finding) {
    int count = 0;
    for (size_t i = 0; i < finding->location_count; i++)
        count += !finding->locations[i].context;
    return count;
}

static void check_row(const struct row *row) {
    void *owner = talloc_new(NULL);
    char *path = talloc_asprintf(owner, FOLDER "%s.%s", row->program, row->report);
    char *compiled_as = talloc_asprintf(owner, "/src/%s.c", row->program);
    struct sources sources = {(const char *const[]){compiled_as}, 1};
    struct marks marks = marks_of(owner, row->program, compiled_as);
    struct findings findings = {0};
    struct error error;
    cr_assert(eq(int, parse(owner, path, &findings, &error), 0), "%s: %s", path, error.text);

    const struct finding *match = NULL;
    for (size_t i = 0; i < findings.count && match == NULL; i++)
        if ((int)findings.items[i].kind == row->kind &&
            marks_match(&marks, &findings.items[i], &sources, MARK_INNERMOST) != NULL)
            match = &findings.items[i];
    if (row->kind < 0) {
        cr_expect(eq(sz, findings.count, 0), "%s: must be silent", path);
    } else {
        cr_expect(match != NULL, "%s: no %s at the marked line", path,
                  kind_name((enum kind)row->kind));
        if (match != NULL)
            cr_expect(eq(int, guilty_locations(match), row->guilty), "%s: guilty locations", path);
    }
    talloc_free(owner);
}

Test(reports, every_real_report_gives_its_finding_at_the_marked_line) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i]);
}

/* A killed program leaves half a report: every prefix must be read without an error, and never say
 * more. */
Test(reports, a_report_may_be_cut_off_anywhere) {
    void *owner = talloc_new(NULL);
    struct error error;
    char *text = file_read(owner, FOLDER "lock-order.tsan-14.0.6.txt", &error);
    cr_assert(text != NULL);
    for (size_t length = strlen(text); length > 0; length--) {
        text[length] = '\0';
        struct findings findings = {0};
        void *scratch = talloc_new(owner);
        const char *gap = NULL;
        int result = tsan_parse(scratch, text, &findings, &gap, &error);
        cr_expect(eq(int, result, 0), "cut at %zu: %s", length, error.text);
        cr_expect(gap == NULL, "cut at %zu", length);
        cr_expect(findings.count <= 1, "cut at %zu", length);
        talloc_free(scratch);
    }
    talloc_free(owner);
}

Test(reports, actors_and_words_are_those_of_the_tool) {
    void *owner = talloc_new(NULL);
    struct findings findings = {0};
    struct error error;
    cr_assert(eq(int, parse(owner, FOLDER "lock-order.tsan-14.0.6.txt", &findings, &error), 0));
    const struct location *first = &findings.items[0].locations[0],
                          *second = &findings.items[0].locations[1];
    expect_text(first->actor, "thread T1");
    expect_text(first->doing, "acquires M1 while holding M0");
    expect_text(second->actor, "thread T1", "'the same thread' is the one before");

    struct findings leak = {0};
    cr_assert(eq(int, parse(owner, FOLDER "thread-leak.tsan-gcc-12.2.0.txt", &leak, &error), 0));
    expect_text(leak.items[0].locations[0].actor, "main thread");

    struct findings race = {0};
    cr_assert(eq(int, parse(owner, FOLDER "race.helgrind-3.19.0.xml", &race, &error), 0));
    cr_expect(strstr(race.items[0].message, "0x") == NULL, "addresses differ from run to run: %s",
              race.items[0].message);
    talloc_free(owner);
}

/* So that what comes again for each access can be told once. */
Test(reports, drd_says_which_object_it_is_about) {
    static const struct {
        const char *file, *object;
    } rows[] = {{FOLDER "race.drd-3.19.0.xml", "0x0010c024"},
                {FOLDER "race.drd-3.27.1.xml", "0x04004024"},
                {FOLDER "race.helgrind-3.19.0.xml", NULL},
                {FOLDER "misuse.drd-3.19.0.xml", NULL}};
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct findings findings = {0};
        struct error error;
        cr_assert(eq(int, parse(owner, rows[i].file, &findings, &error), 0));
        cr_assert(findings.count > 0, "%s", rows[i].file);
        for (size_t j = 0; j < findings.count; j++) {
            const char *object = findings.items[j].object;
            cr_expect(rows[i].object == NULL
                          ? object == NULL
                          : object != NULL && strcmp(object, rows[i].object) == 0,
                      "%s: %s", rows[i].file, object != NULL ? object : "none");
        }
    }
    talloc_free(owner);
}

static const struct refusal {
    char what[40];
    char text[160];
    bool fails;     /* else it is a gap */
    char words[72]; /* in the error, or the gap */
} refusals[] = {
    {"another runtime", "***** Running under ThreadSanitizer v4 (pid 1) *****\n", false,
     "calls itself 'v4'"},
    {"an unknown kind", "WARNING: ThreadSanitizer: data fox (pid=1)\n", false,
     "reports 'data fox', a kind that hazard does not know"},
    {"the tool's own failure", "FATAL: ThreadSanitizer: unexpected memory mapping\n", true,
     "ThreadSanitizer itself failed"},
    {"a failed check",
     "ThreadSanitizer: CHECK failed: registry.cpp:348 \"((t)) != (0)\" (0x0, 0x0) (tid=13720)\n",
     false, "the tool failed its own check (registry.cpp:348 \"((t)) != (0)\"), "},
    {"a failed check of older ones",
     "FATAL: ThreadSanitizer CHECK failed: rtl.cc:1 \"((0)) && (\"unreachable\")\" (0x0, 0x0)\n",
     false, "the tool failed its own check (rtl.cc:1 \""},
};

Test(reports, what_cannot_be_read_is_never_silence) {
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *row = &refusals[i];
        void *owner = talloc_new(NULL);
        struct findings findings = {0};
        struct error error = {""};
        const char *gap = NULL;
        int result = tsan_parse(owner, row->text, &findings, &gap, &error);
        cr_expect(eq(int, result, row->fails ? -1 : 0), "%s", row->what);
        const char *said = row->fails ? error.text : gap != NULL ? gap : "";
        cr_expect(strstr(said, row->words) != NULL, "%s: %s", row->what, said);
        talloc_free(owner);
    }
}

static const struct {
    char file[40]; /* below tests/fixtures */
    int result;
    size_t findings;
    char words[64];
} gaps[] = {
    {"refused/protocol-7.xml", 0, 0, "reports of protocol 7; hazard can read 4 to 6"},
    {"refused/unknown-kind.xml", 0, 0, "kind 'Mischief'"},
    {"refused/unknown-among-known.xml", 0, 1, "kind 'Mischief'"},
    {"reports/fork-thread.tsan-gcc-12.2.0.txt", 0, 0, "ends a child process that starts a thread"},
    {"refused/no-report.xml", -1, 0, "is no Valgrind report"},
    {"refused/not-there.xml", -1, 0, "is no Valgrind report"},
};

/* One unknown word does not cost what else there is. */
Test(reports, what_is_unknown_is_named_and_the_rest_is_read) {
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        void *owner = talloc_new(NULL);
        struct findings findings = {0};
        struct error error = {""};
        const char *gap, *path = talloc_asprintf(owner, "tests/fixtures/%s", gaps[i].file);
        cr_expect(eq(int, parse_most(owner, path, &findings, &gap, &error), gaps[i].result), "%s",
                  path);
        cr_expect(eq(sz, findings.count, gaps[i].findings), "%s", path);
        const char *said = gaps[i].result < 0 ? error.text : gap != NULL ? gap : "";
        cr_expect(strstr(said, gaps[i].words) != NULL, "%s: %s", path, said);
        talloc_free(owner);
    }
}
