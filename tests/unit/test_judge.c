/* SPDX-License-Identifier: MIT */
/*
 * The judge: one run's report and the charge in, one verdict out; and several runs into one result.
 * Marked is line 10 of /app/main.c.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/suite/judge.h"
#include "tests/support/text.h"

static const char *const paths[] = {"/app/main.c"};
static const struct sources sources = {paths, 1};
static struct marked_line mark = {"/app/main.c", 10, "planted"};
static const struct marks marked = {&mark, 1}, unmarked = {NULL, 0};

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(judge, .init = setup, .fini = teardown);

/* What a detector said: a kind, and the lines of its stack from the innermost frame on. */
struct judge_said {
    enum kind kind;
    int lines[2]; /* 0: there is none, nothing was said; NO_FRAME: a stack without one */
};
enum { NO_FRAME = -1 };

static void add_said(struct findings *findings, struct judge_said said, bool context) {
    struct finding finding = {.kind = said.kind, .message = "tool's words"};
    struct location location = {.actor = "thread 2", .doing = "write", .context = context};
    for (int i = 0; i < 2 && said.lines[i] > 0; i++)
        location_add_frame(
            owner, &location,
            (struct frame){.function = "f", .file = paths[0], .line = said.lines[i]});
    finding_add_location(owner, &finding, location);
    findings_add(owner, findings, finding);
}

/* ---- One run ------------------------------------------------------------------------- */

/* The kinds of charge. */
static const struct charge charges[] = {
    {&sources, &marked, KIND_DATA_RACE, false, false, false},
    {&sources, &marked, KIND_DATA_RACE, false, true, false},
    {&sources, &unmarked, KIND_DATA_RACE, false, false, true},
    {&sources, &unmarked, -1, false, false, false},
    {&sources, &marked, KIND_CRASH, true, false, false},
    {&sources, &unmarked, KIND_CRASH, true, false, true},
};
enum { BUGGY, WHOLE_STACKS, FIXED, OWN, SERVER, FIXED_SERVER };

static const struct judge_row {
    char about[56];
    size_t charge;
    struct judge_said said[2];
    bool context; /* its stacks only explain */
    bool cannot;  /* the detector cannot take the program */
    bool gap;     /* a part of the tool's report cannot be read */
    struct run_outcome ended;
    enum verdict proved; /* or bounded: what a detector that tries everything says; else 0 */
    enum verdict verdict;
    size_t findings; /* afterwards */
} judge_rows[] = {
    /* The charge: a kind and a mark. */
    {"right kind at the mark", BUGGY, .said = {{KIND_DATA_RACE, {10}}}, .verdict = VERDICT_FOUND,
     .findings = 1},
    {"right kind, other line", BUGGY, .said = {{KIND_DATA_RACE, {11}}}, .verdict = VERDICT_OTHER,
     .findings = 1},
    {"other kind at the mark", BUGGY, .said = {{KIND_DEADLOCK, {10}}}, .verdict = VERDICT_OTHER,
     .findings = 1},
    {"right kind, no stack", BUGGY, .said = {{KIND_DATA_RACE, {NO_FRAME}}},
     .verdict = VERDICT_OTHER, .findings = 1},
    {"the mark only explains", BUGGY, .said = {{KIND_DATA_RACE, {10}}}, .context = true,
     .verdict = VERDICT_OTHER, .findings = 1},
    {"the second is the planted one", BUGGY, .said = {{KIND_DEADLOCK, {3}}, {KIND_DATA_RACE, {10}}},
     .verdict = VERDICT_FOUND, .findings = 2},
    {"kind of one, mark of the other", BUGGY,
     .said = {{KIND_DEADLOCK, {10}}, {KIND_DATA_RACE, {3}}}, .verdict = VERDICT_OTHER,
     .findings = 2},
    {"a caller is marked", BUGGY, .said = {{KIND_DATA_RACE, {3, 10}}}, .verdict = VERDICT_OTHER,
     .findings = 1},
    {"a caller is marked, whole stacks count", WHOLE_STACKS, .said = {{KIND_DATA_RACE, {3, 10}}},
     .verdict = VERDICT_FOUND, .findings = 1},
    {"none is marked, whole stacks count", WHOLE_STACKS, .said = {{KIND_DATA_RACE, {3, 4}}},
     .verdict = VERDICT_OTHER, .findings = 1},
    {"a false alarm on a fixed program", FIXED, .said = {{KIND_DATA_RACE, {10}}},
     .verdict = VERDICT_OTHER, .findings = 1},
    {"any finding in a user's own program", OWN, .said = {{KIND_DEADLOCK, {3}}},
     .verdict = VERDICT_FOUND, .findings = 1},
    /* How it ended, when nobody said anything. */
    {"exit 0", BUGGY, .verdict = VERDICT_SILENT},
    {"exit 1 of a buggy program is no finding", BUGGY, .ended = {.status = 1},
     .verdict = VERDICT_SILENT},
    {"stuck", BUGGY, .ended = {.end = RUN_STUCK}, .verdict = VERDICT_HUNG},
    {"out of time", BUGGY, .ended = {.end = RUN_TIME_LIMIT}, .verdict = VERDICT_HUNG},
    {"printed too much", BUGGY, .ended = {.end = RUN_OUTPUT_LIMIT}, .verdict = VERDICT_HUNG},
    {"took too much memory", BUGGY, .ended = {.end = RUN_MEMORY_LIMIT}, .verdict = VERDICT_HUNG},
    {"forked too often", BUGGY, .ended = {.end = RUN_PROCESS_LIMIT}, .verdict = VERDICT_HUNG},
    {"stuck, but something was said", BUGGY, .said = {{KIND_DATA_RACE, {10}}},
     .ended = {.end = RUN_STUCK}, .verdict = VERDICT_FOUND, .findings = 1},
    /* What the run itself shows. */
    {"exit 1 of a fixed program", FIXED, .ended = {.status = 1}, .verdict = VERDICT_OTHER,
     .findings = 1},
    {"an exit that is the tool's own", FIXED, .ended = {.status = 66, .status_hidden = true},
     .verdict = VERDICT_SILENT},
    {"a crash is a finding", BUGGY, .ended = {.end = RUN_SIGNALED, .status = SIGSEGV},
     .verdict = VERDICT_OTHER, .findings = 1},
    {"a crash of a user's own program", OWN, .ended = {.end = RUN_SIGNALED, .status = SIGSEGV},
     .verdict = VERDICT_FOUND, .findings = 1},
    {"a crash that the tool has told already", SERVER, .said = {{KIND_CRASH, {10}}},
     .ended = {.end = RUN_SIGNALED, .status = SIGSEGV}, .verdict = VERDICT_FOUND, .findings = 1},
    {"a crash beside what was said", BUGGY, .said = {{KIND_DATA_RACE, {10}}},
     .ended = {.end = RUN_SIGNALED, .status = SIGABRT}, .verdict = VERDICT_FOUND, .findings = 2},
    {"SIGTERM ends a server", SERVER, .ended = {.end = RUN_SIGNALED, .status = SIGTERM},
     .verdict = VERDICT_SILENT},
    {"SIGTERM ends what is no server", BUGGY, .ended = {.end = RUN_SIGNALED, .status = SIGTERM},
     .verdict = VERDICT_OTHER, .findings = 1},
    {"SIGPIPE kills a server, at no line", SERVER,
     .ended = {.end = RUN_SIGNALED, .status = SIGPIPE}, .verdict = VERDICT_OTHER, .findings = 1},
    /* Unsupported. */
    {"the detector cannot take it", BUGGY, .cannot = true, .verdict = VERDICT_UNSUPPORTED},
    {"...whatever the run shows", FIXED, .cannot = true,
     .ended = {.end = RUN_SIGNALED, .status = SIGSEGV}, .verdict = VERDICT_UNSUPPORTED},
    {"...whatever was said before", BUGGY, .said = {{KIND_DATA_RACE, {10}}}, .cannot = true,
     .verdict = VERDICT_UNSUPPORTED, .findings = 1},
    {"a server that never listened", SERVER, .ended = {.never_listened = true},
     .verdict = VERDICT_UNSUPPORTED},
    {"it crashed before it listened", SERVER,
     .ended = {.end = RUN_SIGNALED, .status = SIGSEGV, .never_listened = true},
     .verdict = VERDICT_OTHER, .findings = 1},
    {"fixed, it failed before it listened", FIXED_SERVER,
     .ended = {.status = 2, .never_listened = true}, .verdict = VERDICT_OTHER, .findings = 1},
    /* A gap in what was read. */
    {"unread, and nothing else", OWN, .gap = true, .verdict = VERDICT_UNSUPPORTED},
    {"unread beside a finding", OWN, .said = {{KIND_DATA_RACE, {3}}}, .gap = true,
     .verdict = VERDICT_FOUND, .findings = 1},
    {"unread beside what is but a warning", OWN, .said = {{KIND_THREAD_LEAK, {3}}}, .gap = true,
     .verdict = VERDICT_UNSUPPORTED},
    {"unread beside a crash", OWN, .gap = true, .ended = {.end = RUN_SIGNALED, .status = SIGSEGV},
     .verdict = VERDICT_FOUND, .findings = 1},
    {"unread beside the planted one", BUGGY, .said = {{KIND_DATA_RACE, {10}}}, .gap = true,
     .verdict = VERDICT_FOUND, .findings = 1},
    /* A detector that tries every execution. */
    {"proved", FIXED, .proved = VERDICT_PROVED, .verdict = VERDICT_PROVED},
    {"bounded", FIXED, .proved = VERDICT_BOUNDED, .verdict = VERDICT_BOUNDED},
    {"proved, but something was said", FIXED, .said = {{KIND_DATA_RACE, {10}}},
     .proved = VERDICT_PROVED, .verdict = VERDICT_OTHER, .findings = 1},
    {"proved, but it says that it failed", FIXED, .ended = {.status = 1}, .proved = VERDICT_PROVED,
     .verdict = VERDICT_OTHER, .findings = 1},
};

Test(judge, one_run) {
    for (size_t i = 0; i < sizeof judge_rows / sizeof *judge_rows; i++) {
        const struct judge_row *row = &judge_rows[i];
        struct run_report report = {.outcome = row->ended,
                                    .verdict = row->proved,
                                    .gap = row->gap ? "an unknown kind" : NULL,
                                    .unsupported = row->cannot ? "it starts threads" : NULL};
        report.outcome.output = report.outcome.errors = talloc_strdup(owner, "");
        for (size_t j = 0; j < 2 && row->said[j].lines[0] != 0; j++)
            add_said(&report.findings, row->said[j], row->context);
        enum verdict verdict = judge_run(owner, &charges[row->charge], &report);
        expect_text(verdict_name(verdict), verdict_name(row->verdict), "%s", row->about);
        cr_expect(eq(sz, report.findings.count, row->findings), "%s", row->about);
        cr_expect(eq(int, report.unsupported != NULL, verdict == VERDICT_UNSUPPORTED), "%s",
                  row->about);
        const char *told = report.unsupported != NULL ? report.unsupported : report.detail;
        if (row->gap)
            cr_expect(told != NULL && strstr(told, "an unknown kind") != NULL, "%s", row->about);
    }
}

/* What the run itself showed says how it ended. */
Test(judge, findings_of_the_run_itself_say_how_it_ended) {
    static const struct {
        char about[24];
        struct run_outcome outcome;
        enum kind kind;
        char words[24];
    } rows[] = {
        {"a crash", {.end = RUN_SIGNALED, .status = SIGSEGV}, KIND_CRASH, "SIGSEGV"},
        {"an abort", {.end = RUN_SIGNALED, .status = SIGABRT}, KIND_CRASH, "SIGABRT"},
        {"a failure", {.status = 7}, KIND_EXIT, "exit 7"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run_report report = {.outcome = rows[i].outcome};
        report.outcome.output = report.outcome.errors = talloc_strdup(owner, "");
        judge_run(owner, &charges[FIXED], &report);
        cr_assert(eq(sz, report.findings.count, 1), "%s", rows[i].about);
        expect_text(kind_name(report.findings.items[0].kind), kind_name(rows[i].kind), "%s",
                    rows[i].about);
        cr_expect(strstr(report.findings.items[0].message, rows[i].words) != NULL, "%s: %s",
                  rows[i].about, report.findings.items[0].message);
    }
}

Test(judge, a_server_that_never_listened_says_why_it_ended) {
    struct run_report report = {.outcome = {.status = 2, .never_listened = true}};
    report.outcome.output = talloc_strdup(owner, "");
    report.outcome.errors = talloc_strdup(owner, "bind: Address already in use\n");
    judge_run(owner, &charges[SERVER], &report);
    cr_assert(report.unsupported != NULL);
    cr_expect(strstr(report.unsupported, "never listened") != NULL, "%s", report.unsupported);
    cr_expect(strstr(report.unsupported, "bind: Address already in use") != NULL, "%s",
              report.unsupported);
}

/* ---- Several runs -------------------------------------------------------------------- */

static const struct runs_row {
    char about[48];
    enum verdict verdicts[3];
    int runs;
    enum verdict verdict;
    int hits;
} runs_rows[] = {
    {"one", {VERDICT_SILENT}, 1, VERDICT_SILENT, 1},
    {"all found it", {VERDICT_FOUND, VERDICT_FOUND, VERDICT_FOUND}, 3, VERDICT_FOUND, 3},
    {"the last one", {VERDICT_SILENT, VERDICT_SILENT, VERDICT_FOUND}, 3, VERDICT_FOUND, 1},
    {"the first one", {VERDICT_FOUND, VERDICT_SILENT, VERDICT_OTHER}, 3, VERDICT_FOUND, 1},
    {"found before other", {VERDICT_OTHER, VERDICT_OTHER, VERDICT_FOUND}, 3, VERDICT_FOUND, 1},
    {"other before hung", {VERDICT_HUNG, VERDICT_OTHER, VERDICT_HUNG}, 3, VERDICT_OTHER, 1},
    {"other before unsupported", {VERDICT_UNSUPPORTED, VERDICT_OTHER}, 2, VERDICT_OTHER, 1},
    {"unsupported before hung", {VERDICT_HUNG, VERDICT_UNSUPPORTED}, 2, VERDICT_UNSUPPORTED, 1},
    {"hung before silent", {VERDICT_SILENT, VERDICT_HUNG, VERDICT_HUNG}, 3, VERDICT_HUNG, 2},
    {"silent takes a proof back", {VERDICT_PROVED, VERDICT_SILENT}, 2, VERDICT_SILENT, 1},
    {"bounded takes a proof back", {VERDICT_PROVED, VERDICT_BOUNDED}, 2, VERDICT_BOUNDED, 1},
    {"a proof does not better silence", {VERDICT_SILENT, VERDICT_PROVED}, 2, VERDICT_SILENT, 1},
    {"proved twice", {VERDICT_PROVED, VERDICT_PROVED}, 2, VERDICT_PROVED, 2},
};

Test(judge, the_weightiest_of_several_runs_counts) {
    for (size_t i = 0; i < sizeof runs_rows / sizeof *runs_rows; i++) {
        const struct runs_row *row = &runs_rows[i];
        struct result result = {.detail = ""};
        for (int j = 0; j < row->runs; j++) {
            struct run_report report = {.detail = talloc_asprintf(owner, "run %d", j),
                                        .count = j + 1};
            judge_add(owner, &charges[BUGGY], &result, row->verdicts[j], &report);
        }
        expect_text(verdict_name(result.verdict), verdict_name(row->verdict), "%s", row->about);
        cr_expect(eq(int, result.runs, row->runs), "%s", row->about);
        cr_expect(eq(int, result.hits, row->hits), "%s", row->about);
        /* The detail and the count are those of the first run with that verdict. */
        int first = 0;
        while (row->verdicts[first] != row->verdict)
            first++;
        expect_text(result.detail, talloc_asprintf(owner, "run %d", first), "%s", row->about);
        cr_expect(eq(int, (int)result.count, first + 1), "%s", row->about);
    }
}

/* How the program itself ended, whatever the detector said. */
Test(judge, program_failed) {
    static const struct {
        char about[40];
        size_t charge;
        struct run_outcome outcome;
        int failed;
    } rows[] = {
        {"exit 0", BUGGY, {0}, 0},
        {"exit 1", BUGGY, {.status = 1}, 1},
        {"an exit that is the tool's own", BUGGY, {.status = 66, .status_hidden = true}, 0},
        {"killed", BUGGY, {.end = RUN_SIGNALED, .status = SIGKILL}, 1},
        {"a server that SIGTERM ended", SERVER, {.end = RUN_SIGNALED, .status = SIGTERM}, 0},
        {"a server that SIGPIPE killed", SERVER, {.end = RUN_SIGNALED, .status = SIGPIPE}, 1},
        {"stuck", BUGGY, {.end = RUN_STUCK, .status = 1}, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result result = {.detail = ""};
        struct run_report fine = {.detail = ""}, report = {.outcome = rows[i].outcome};
        report.detail = "";
        judge_add(owner, &charges[rows[i].charge], &result, VERDICT_SILENT, &report);
        judge_add(owner, &charges[rows[i].charge], &result, VERDICT_SILENT, &fine);
        cr_expect(eq(int, result.program_failed, rows[i].failed), "%s", rows[i].about);
    }
}

static void add_run(struct result *result, enum kind kind, int first_line, int lines) {
    struct run_report report = {.detail = ""};
    for (int i = 0; i < lines; i++)
        add_said(&report.findings, (struct judge_said){kind, {first_line + i}}, false);
    judge_add(owner, &charges[BUGGY], result, VERDICT_OTHER, &report);
}

Test(judge, each_distinct_finding_is_kept_once) {
    struct result result = {.detail = ""};
    add_run(&result, KIND_DATA_RACE, 30, 2);
    add_run(&result, KIND_DATA_RACE, 30, 2);
    cr_expect(eq(sz, result.findings.count, 2), "the same lines in two runs");
    add_run(&result, KIND_DEADLOCK, 30, 1);
    cr_expect(eq(sz, result.findings.count, 3), "the same line, another kind");
}

Test(judge, the_planted_finding_does_not_drown_in_a_flood) {
    struct result result = {.detail = ""};
    add_run(&result, KIND_DATA_RACE, 100, 50);
    size_t kept = result.findings.count;
    cr_expect(lt(sz, kept, 50), "%zu of 50 are kept", kept);
    add_run(&result, KIND_DATA_RACE, 200, 1);
    cr_expect(eq(sz, result.findings.count, kept), "one more that is not planted");
    add_run(&result, KIND_DATA_RACE, 10, 1);
    cr_expect(eq(sz, result.findings.count, kept + 1), "the planted one");
}

/* ---- What a tool reports again for each access ---------------------------------------- */

struct again {
    const char *object;
    const char *function;
    int line; /* below 0: it writes there */
};

static void add_again(struct result *result, const struct again *said, size_t count) {
    struct run_report report = {.detail = ""};
    for (size_t i = 0; i < count; i++) {
        struct finding finding = {.kind = KIND_DATA_RACE,
                                  .message = "load",
                                  .object = said[i].object,
                                  .writes = said[i].line < 0};
        struct location location = {.actor = "thread 2", .doing = "load"};
        struct frame frame = {
            .function = said[i].function, .file = paths[0], .line = abs(said[i].line)};
        location_add_frame(owner, &location, frame);
        finding_add_location(owner, &finding, location);
        findings_add(owner, &report.findings, finding);
    }
    judge_add(owner, &charges[BUGGY], result, VERDICT_OTHER, &report);
}

/* "31 (32, 33)" for each that was kept. */
static const char *kept_lines(const struct result *result) {
    char *words = talloc_strdup(owner, "");
    for (size_t i = 0; i < result->findings.count; i++) {
        const struct finding *finding = &result->findings.items[i];
        words = talloc_asprintf_append_buffer(words, "%s%d", i > 0 ? " " : "",
                                              finding->locations[0].frames[0].line);
        for (size_t j = 0; j < finding->further_count; j++)
            words = talloc_asprintf_append_buffer(words, "+%d", finding->further[j].line);
    }
    return words;
}

Test(judge, one_object_in_one_function_is_one_finding) {
    static const struct {
        const char *about;
        struct again said[4];
        const char *kept;
    } rows[] = {
        {"one object",
         {{"a", "f", 31}, {"a", "f", 33}, {"a", "f", 32}, {"a", "f", 33}},
         "31+32+33"},
        {"the first line is told", {{"a", "f", 33}, {"a", "f", 31}, {"a", "f", 32}}, "31+32+33"},
        {"what writes is told",
         {{"a", "f", 31}, {"a", "f", 32}, {"a", "f", -32}, {"a", "f", -33}},
         "32+31+33"},
        {"what was planted is told", {{"a", "f", 8}, {"a", "f", 10}, {"a", "f", 9}}, "10+8+9"},
        {"another object",
         {{"a", "f", 31}, {"b", "f", 32}, {"a", "f", 33}, {"b", "f", 34}},
         "31+33 32+34"},
        {"another function", {{"a", "f", 31}, {"a", "g", 32}}, "31 32"},
        {"objects that nobody knows",
         {{NULL, "f", 31}, {NULL, "f", 32}, {"a", "f", 33}},
         "31 32 33"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result result = {.detail = ""};
        size_t count = 0;
        while (count < 4 && rows[i].said[count].line != 0)
            count++;
        add_again(&result, rows[i].said, count);
        add_again(&result, rows[i].said, count);
        expect_text(kept_lines(&result), rows[i].kept, "%s", rows[i].about);
    }
}

Test(judge, repeats_take_no_place_from_others) {
    struct result result = {.detail = ""};
    for (int i = 0; i < 50; i++)
        add_again(&result, &(struct again){"a", "f", 100 + i}, 1);
    add_again(&result, &(struct again){"b", "f", 200}, 1);
    cr_assert(eq(sz, result.findings.count, 2));
    cr_expect(eq(sz, result.findings.items[0].further_count, 49));
}
