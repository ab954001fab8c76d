/* SPDX-License-Identifier: MIT */
/*
 * hazard's side of explore: each way in which a search can end, told by a program that stands in for
 * one (tests/fixtures/explore/stand-in.c), is read as it must be, and what makes no sense never
 * becomes a verdict.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/number.h"
#include "explore/front/detail.h"
#include "explore/front/explore.h"
#include "hazard/suite/build.h"
#include "tests/support/command.h"
#include "tests/support/here.h"
#include "tests/support/text.h"

#define STAND_IN "tests/fixtures/explore/stand-in.c"

static void *owner;
static const char *folder;
static struct subject subject;

static void setup(void) {
    owner = talloc_new(NULL);
    folder = scratch_new(owner);
    char *path = realpath(STAND_IN, NULL), here[4096];
    const char **paths = new_array(owner, const char *, 1);
    paths[0] = talloc_strdup(owner, path);
    free(path);
    const char *root = getcwd(here, sizeof here);
    const char *more[] = {"-I", talloc_asprintf(owner, "%s/sanitizers", root), "-I",
                          talloc_asprintf(owner, "%s/build/explore/layout", root), NULL};
    subject = (struct subject){.name = "stand-in",
                               .sources = {paths, 1},
                               .binary = talloc_asprintf(owner, "%s/stand-in", folder)};
    const char *words;
    struct error error;
    const struct recipe recipe =
        recipe_of_sources(owner, &subject.sources, &(struct cc_words){.compile = more});
    cr_assert(build_program(owner, &flavour_plain, &recipe, subject.binary, &words, &error) == 0,
              "%s: %s", error.text, words != NULL ? words : "");
}

static void teardown(void) {
    scratch_remove(folder);
    talloc_free(owner);
}

TestSuite(explore, .init = setup, .fini = teardown, .timeout = 300);

static int run_mode(const char *mode, const struct explore_options *options,
                    struct explore_outcome *outcome, struct error *error) {
    const char **args = new_array(owner, const char *, 2);
    args[0] = mode;
    subject.args = args;
    return explore_run(owner, &subject, options, NULL, NULL, outcome, error);
}

static struct explore_options quick(void) {
    struct explore_options options = explore_default_options;
    options.seconds = 1;
    return options;
}

static const struct end_row {
    char mode[24], strategy[8];
    enum verdict verdict;
    char words[120]; /* of the detail */
} ends[] = {
    {"exhausted", "dpor", VERDICT_PROVED, "5,040 executions; not audited"},
    {"exhausted", "dfs", VERDICT_PROVED, "5,040 executions"},
    {"exhausted", "random", VERDICT_BOUNDED, "strategy random does not try all that differ"},
    {"exhausted", "bound", VERDICT_BOUNDED, "strategy bound does not try all that differ"},
    {"assumptions", "dpor", VERDICT_PROVED,
     "3 atomics weaker than seq_cst done as x86-64 does (TSO)"},
    {"assumptions", "dpor", VERDICT_PROVED, "calls not modelled: foo, bar (followed, and taken"},
    {"budget", "dpor", VERDICT_BOUNDED, "none fails; 5040 executions were made"},
    {"unsupported", "dpor", VERDICT_UNSUPPORTED, "fork, at stand-in.c:"},
    {"found", "dpor", VERDICT_FOUND, "5,040 executions"},
    {"found-and-exhausted", "dpor", VERDICT_FOUND, "5,040 executions"},
};

/* Those that hazard ends, when it has waited for so long: each waits in a test of its own. */
static const struct end_row endless = {"endless", "dpor", VERDICT_BOUNDED,
                                       "its time of 1 s was over"};
static const struct end_row found_too_late = {"found-too-late", "dpor", VERDICT_FOUND,
                                              "5,040 executions"};

static void expect_end(const struct end_row *row) {
    struct explore_options options = quick();
    struct explore_outcome outcome;
    struct error error;
    options.strategy = row->strategy;
    cr_assert(run_mode(row->mode, &options, &outcome, &error) == 0, "%s: %s", row->mode,
              error.text);
    cr_expect(eq(int, (int)outcome.verdict, (int)row->verdict), "%s with %s is %s", row->mode,
              row->strategy, verdict_name(outcome.verdict));
    cr_expect(strstr(outcome.detail, row->words) != NULL, "%s: '%s' says no '%s'", row->mode,
              outcome.detail, row->words);
}

Test(explore, each_end_is_read_as_its_verdict) {
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        expect_end(&ends[i]);
}

Test(explore, what_does_not_end_is_ended) {
    expect_end(&endless);
}

Test(explore, what_was_found_before_that_is_read) {
    expect_end(&found_too_late);
}

static const struct trouble_row {
    char mode[24], words[96];
} troubles[] = {
    {"diverged", "something else under the same schedule, at step 7. Under one"},
    {"failed", "explore itself failed: no memory for the heap"},
    {"gone", "did not come to its end: exit 3: assertion failed in the kernel"},
    {"killed", "did not come to its end: killed by SIGKILL"},
    {"found-nothing", "did not come to its end"},
    {"other-version", "was built with another version of hazard: build it again"},
    {"no-version", "did not start to explore (exit 0): was it built and linked with `hazard cc`?"},
    {"end-of-nowhere", "makes no sense (the end is 77)"},
    {"many-findings", "makes no sense (the number of findings is 33)"},
    {"negative-trace", "makes no sense (the length of the trace is -1)"},
    {"strange-kind", "makes no sense (a finding's kind is"},
    {"many-locations", "makes no sense (a finding's location count is 1073741824)"},
    {"strange-step", "makes no sense (a step's kind is"},
    {"strange-text", "makes no sense (a text is"},
    {"strange-doing", "makes no sense (a text is -1)"},
    {"many-parts", "makes no sense (the number of a message's parts is 29)"},
    {"schedule-outside", "makes no sense (a schedule's place is"},
};

Test(explore, what_makes_no_sense_is_no_verdict) {
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        struct explore_options options = quick();
        struct explore_outcome outcome;
        struct error error;
        int result = run_mode(troubles[i].mode, &options, &outcome, &error);
        cr_assert(eq(int, result, -1), "%s", troubles[i].mode);
        cr_expect(strstr(error.text, troubles[i].words) != NULL, "%s: '%s' says no '%s'",
                  troubles[i].mode, error.text, troubles[i].words);
    }
}

/* What ci/layout-version says of a copy of the headers, one of which was edited with sed. */
static const char *version_after(const char *edit, const char *header) {
    struct run_outcome outcome =
        command(owner, talloc_asprintf(owner,
                                       "copy=%s/copy; rm -rf $copy; cp -r sanitizers $copy && "
                                       "sed -i '%s' $copy/explore/%s && ci/layout-version $copy",
                                       folder, edit, header));
    cr_assert(eq(int, outcome.status, 0), "%s: %s", edit, outcome.errors);
    return outcome.output;
}

Test(explore, a_changed_layout_is_another_version) {
    static const char *const edits[][2] = {
        {"s/int64_t deepest/int32_t deepest/", "shared/counts.h"},
        {"s/int64_t weak_atomics/int32_t weak_atomics/", "shared.h"},
        {"s/SHARED_LOCATIONS = 16/SHARED_LOCATIONS = 17/", "shared/finding.h"},
        {"s/MESSAGE_PARTS = 28/MESSAGE_PARTS = 29/", "message/message.h"},
        {"/X(SPIN,/d", "message/finding_texts.h"},
    };
    const char *as_it_is = version_after("s/deepest/deepest/", "shared.h");
    cr_expect(strstr(as_it_is, "#define SHARED_VERSION UINT64_C(0x") == as_it_is, "%s", as_it_is);
    expect_text(version_after("s/explore_run/explore_walk/", "front/explore.h"), as_it_is);
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
        cr_expect(strcmp(version_after(edits[i][0], edits[i][1]), as_it_is) != 0, "%s",
                  edits[i][0]);
}

Test(explore, nonsense_that_can_be_read_is_read) {
    static const char modes[][16] = {"unended-text", "strange-quote", "circular-stack"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct explore_options options = quick();
        struct explore_outcome outcome;
        struct error error;
        cr_assert(run_mode(modes[i], &options, &outcome, &error) == 0, "%s: %s", modes[i],
                  error.text);
        cr_expect(lt(sz, strlen(outcome.findings.items[0].message), 2 * MESSAGE_QUOTED), "%s",
                  modes[i]);
    }
}

Test(explore, a_finding_has_names_and_places) {
    struct explore_options options = quick();
    struct explore_outcome outcome;
    struct error error;
    cr_assert(run_mode("found", &options, &outcome, &error) == 0, "%s", error.text);
    cr_assert(eq(sz, outcome.findings.count, 1));
    const struct finding *finding = &outcome.findings.items[0];
    cr_expect(eq(int, (int)finding->kind, KIND_DEADLOCK));
    cr_expect(eq(int, (int)outcome.finding_execution[0], 17));
    expect_text(finding->message,
                "thread 2 waits for mutex `flights[1].guard`; Assertion `a @ b' failed");
    cr_assert(eq(sz, finding->location_count, 2));
    const struct location *guilty = &finding->locations[0];
    expect_text(guilty->actor, "thread 2");
    expect_text(guilty->doing, "waits for mutex `lock`");
    cr_assert(eq(sz, guilty->frame_count, 2));
    cr_expect(eq(int, guilty->frames[0].line, here_line(owner, STAND_IN, "guilty")));
    cr_expect(eq(int, guilty->frames[1].line, here_line(owner, STAND_IN, "caller")));
    expect_text(guilty->frames[0].function, "write_finding");
    expect_text(guilty->frames[0].file, subject.sources.paths[0]);
    cr_expect(finding->locations[1].context && !guilty->context);
}

Test(explore, the_trace_becomes_the_schedule_of_the_finding) {
    static const struct {
        char actor[16], doing[40];
    } wanted[] = {{"main thread", "creates thread 2"},
                  {"thread 2", "locks `lock`"},
                  {"main thread", "reads `flights[2].seats[1][0]`: 42"}};
    struct explore_options options = quick();
    struct explore_outcome outcome;
    struct error error;
    cr_assert(run_mode("found", &options, &outcome, &error) == 0, "%s", error.text);
    const struct finding *finding = &outcome.findings.items[0];
    cr_assert(eq(sz, finding->schedule_count, 3));
    for (size_t i = 0; i < 3; i++) {
        expect_text(finding->schedule[i].actor, wanted[i].actor);
        expect_text(finding->schedule[i].doing, wanted[i].doing);
        cr_assert(eq(sz, finding->schedule[i].frame_count, 1));
        cr_expect(eq(int, finding->schedule[i].frames[0].line, here_line(owner, STAND_IN, "step")));
    }
}

Test(explore, the_sources_of_a_bare_binary_come_from_its_debug_information) {
    struct explore_options options = quick();
    struct explore_outcome outcome;
    struct error error;
    const char *path = subject.sources.paths[0];
    subject.sources = (struct sources){0};
    cr_assert(run_mode("found", &options, &outcome, &error) == 0, "%s", error.text);
    cr_assert(eq(sz, outcome.sources.count, 1));
    expect_text(outcome.sources.paths[0], path);
}

Test(explore, a_program_without_the_runtime_is_not_even_started) {
    struct explore_options options = quick();
    struct explore_outcome outcome;
    struct error error;
    subject.binary = "/bin/true";
    subject.name = "true";
    cr_assert(run_mode("found", &options, &outcome, &error) == -1);
    expect_text(error.text, "true was not built for explore: compile and link it with `hazard cc` "
                            "(make CC=\"hazard cc\", or `hazard make`)");
}

Test(explore, the_same_program_gives_the_same_words) {
    struct explore_options options = quick();
    struct explore_outcome first, second;
    struct error error;
    cr_assert(run_mode("found", &options, &first, &error) == 0, "%s", error.text);
    cr_assert(run_mode("found", &options, &second, &error) == 0, "%s", error.text);
    expect_text(first.findings.items[0].message, second.findings.items[0].message);
    expect_text(first.detail, second.detail);
}

Test(explore, numbers_are_grouped) {
    static const struct {
        int64_t number;
        char words[16];
    } rows[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {15360, "15,360"}, {1234567, "1,234,567"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_text(number_with_commas(owner, rows[i].number), rows[i].words);
}

/* Each name that `assumptions` can have in JSON is explained in docs/proof.md. */
Test(explore, each_assumption_is_in_the_docs) {
    void *owner = talloc_new(NULL);
    const char *docs = read_file(owner, "docs/proof.md");
    const char *code = read_file(owner, "sanitizers/explore/front/assumptions.c");
    static const char *const before[] = {"add(next, \"", "] = {\""};
    int count = 0;
    for (size_t i = 0; i < sizeof before / sizeof *before; i++)
        for (const char *at = code; (at = strstr(at, before[i])) != NULL; count++) {
            at += strlen(before[i]);
            const char *name = talloc_asprintf(owner, "| `%.*s` |", (int)strcspn(at, "\""), at);
            cr_expect(strstr(docs, name) != NULL, "docs/proof.md has no row %s", name);
        }
    cr_expect(count >= 13, "%d names", count);
    talloc_free(owner);
}
