/* SPDX-License-Identifier: MIT */
/*
 * One page of each renderer is compared as a whole with tests/fixtures/render/NAME: read those, they
 * are the specification. The folder of the checkout stands in them as ROOT. Of all else the facts are
 * looked for.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "base/memory.h"
#include "hazard/render/grid.h"
#include "hazard/render/layout.h"
#include "hazard/render/render_json.h"
#include "hazard/render/render_junit.h"
#include "hazard/render/render_matrix.h"
#include "hazard/render/render_sarif.h"
#include "hazard/render/render_text.h"
#include "hazard/render/style.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/printed.h"
#include "tests/support/readers.h"
#include "tests/support/render_report.h"
#include "tests/support/text.h"

#define BAD "\xEF\xBF\xBD" /* what stands for bytes that are no text */

static void *owner;
static const char *folder;

static void setup(void) {
    owner = talloc_new(NULL);
    folder = scratch_new(owner);
}

static void teardown(void) {
    scratch_remove(folder);
    talloc_free(owner);
    xmlCleanupParser();
}

TestSuite(render, .init = setup, .fini = teardown);

static char *in_folder(const char *name) {
    return talloc_asprintf(owner, "%s/%s", folder, name);
}

/* `text` with each occurrence of the checkout's folder as ROOT. */
static char *without_root(const char *text, const char *root) {
    char *result = talloc_strdup(owner, "");
    for (const char *at; (at = strstr(text, root)) != NULL; text = at + strlen(root))
        result = talloc_asprintf_append(result, "%.*sROOT", (int)(at - text), text);
    return talloc_asprintf_append(result, "%s", text);
}

static void expect_golden(const char *name, const char *got, const struct suite_report *report) {
    char *wanted = read_file(owner, talloc_asprintf(owner, "tests/fixtures/render/%s", name));
    expect_text(without_root(got, report->root), wanted, "%s", name);
}

static char *text_of(void (*render)(FILE *, const struct suite_report *),
                     const struct suite_report *report) {
    render(printing(), report);
    return printed(owner);
}

Test(render, text_of_a_suite) {
    const struct suite_report *report = report_of_suite(owner);
    expect_golden("suite.txt", text_of(render_text, report), report);
}

/* Nothing was expected of it: the verdicts stand alone. */
Test(render, text_of_a_users_program) {
    static const char *const parts[] = {"tsan      found 3/3    exit 66\n",
                                        "data-race: data race on global 'total'\n",
                                        "add at buggy/toy.c:22\n",
                                        "22 |     total = loc + 1; /* HAZARD: lost */\n",
                                        "pthread_create at /lib/pthread_create.c:9\n",
                                        "tsan-gcc  hung 3/3     stuck\n",
                                        "helgrind  changed 3/3  spins\n",
                                        "drd       silent       exit 0\n",
                                        "probe     unsupported  never listens\n",
                                        "\n1 program: 1 found, 1 silent, 1 hung, 1 changed, "};
    const char *text = text_of(render_text, report_of_user(owner));
    expect_parts(text, parts);
    cr_expect(strstr(text, "expected") == NULL, "%s", text);
}

Test(render, text_says_when_it_was_interrupted) {
    struct suite_report *report = report_of_user(owner);
    report->partial = true;
    report->programs[0].cells[3].result.runs = 0;
    char *text = text_of(render_text, report);
    cr_expect(strstr(text, "  drd       not run") != NULL, "%s", text);
    cr_expect(strstr(text, "silent") == NULL, "%s", text);
    cr_expect(strstr(text, "1 unsupported; interrupted: this is not all\n") != NULL, "%s", text);
}

Test(render, matrix) {
    const struct suite_report *report = report_of_suite(owner);
    expect_golden("matrix.txt", text_of(render_matrix, report), report);
}

static struct suite_report *report_as_expected(void) {
    struct suite_report *report = report_of_suite(owner);
    report->mismatches = 0;
    for (size_t i = 0; i < report->count; i++)
        for (size_t j = 0; j < report->programs[i].cell_count; j++)
            report->programs[i].cells[j].mismatch = false;
    return report;
}

Test(render, matrix_without_a_difference) {
    char *text = text_of(render_matrix, report_as_expected());
    cr_expect(strstr(text, "Not as expected") == NULL, "%s", text);
    cr_expect(strstr(text, "\n2 hazards, 4 programs, 8 verdicts: all as expected\n") != NULL, "%s",
              text);
}

Test(render, text_without_a_difference) {
    char *text = text_of(render_text, report_as_expected());
    cr_expect(strstr(text, "1 unsupported; all as expected\n") != NULL, "%s", text);
    cr_expect(strchr(text, '!') == NULL, "%s", text);
}

/* The widest page that the suite can bring: long names, five detectors, every cell a difference. */
Test(render, matrix_fits_a_page_of_80_columns) {
    static const char *const detectors[] = {"tsan", "tsan-gcc", "helgrind", "drd", "explore"};
    static const struct expectation expected = {.detector = "tsan",
                                                .verdict = VERDICT_FOUND,
                                                .alternative = -1,
                                                .kind = KIND_DEADLOCK,
                                                .reason = ""};
    struct hazard hazard = {.name = "traffic-gridlock", .title = "T", .cwe = 833};
    struct program program = {.path = "buggy/traffic-gridlock-three-ordered.c",
                              .role = ROLE_VARIANT};
    struct cell cells[5];
    for (int i = 0; i < 5; i++) {
        struct result result = {.detector = detectors[i], .verdict = VERDICT_CHANGED, .detail = ""};
        result.runs = result.hits = 3;
        cells[i] = (struct cell){.result = result, .expected = &expected, .mismatch = true};
    }
    struct program_report row = {.program = program.path,
                                 .hazard = &hazard,
                                 .in_suite = &program,
                                 .cells = cells,
                                 .cell_count = 5};
    struct suite_report report = {.programs = &row, .count = 1, .root = "/", .mismatches = 5};
    char *text = text_of(render_matrix, &report);
    cr_expect(strstr(text, "5 not as expected") != NULL, "%s", text);
    for (char *line; (line = strsep(&text, "\n")) != NULL;)
        cr_expect(le(sz, layout_width(line), PAGE_WIDTH), "%s", line);
}

/* ---- The page -------------------------------------------------------------------------------- */

static FILE *terminal_of(unsigned short columns) {
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    struct winsize window = {.ws_row = 24, .ws_col = columns};
    cr_assert(fd >= 0 && ioctl(fd, TIOCSWINSZ, &window) == 0);
    return fdopen(fd, "w");
}

Test(render, prose_is_as_wide_as_the_terminal_within_reason) {
    static const size_t rows[][2] = {{0, 80}, {20, 60}, {60, 60}, {72, 72}, {100, 100}, {250, 100}};
    unsetenv("COLUMNS");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        FILE *terminal = terminal_of((unsigned short)rows[i][0]);
        cr_expect(eq(sz, layout_prose(terminal), rows[i][1]), "%zu", rows[i][0]);
        fclose(terminal);
    }
    FILE *none = fopen("/dev/null", "w");
    cr_expect(eq(sz, layout_prose(none), 80));
    setenv("COLUMNS", "72", 1);
    cr_expect(eq(sz, layout_prose(none), 72), "it was said");
    unsetenv("COLUMNS");
    fclose(none);
}

Test(render, a_table_that_is_too_wide_is_wrapped_between_words) {
    struct grid *grid = grid_new(owner, 3);
    static const char wanted[] =
        "thread 2   waits for the mutex `accounts[1].lock`      transfer_all at bank.c:12\n"
        "           that it holds itself, and has for long\n"
        "  12 |    lock();\n"
        "thread 34  ends\n";
    grid_cell(grid, "thread 2", "");
    grid_cell(grid, "waits for the mutex `accounts[1].lock` that it holds itself, and has for long",
              "");
    grid_cell(grid, "transfer_all" GRID_GLUE "at bank.c:12", "");
    grid_line(grid, "  12 |    lock();", "");
    grid_cell(grid, "thread 34", "");
    grid_cell(grid, "ends", "");
    grid_cell(grid, "", "");
    grid_print(printing(), grid, 0);
    expect_text(printed(owner), wanted);
}

Test(render, nothing_in_colour_unless_on_a_terminal) {
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    expect_text(style_for(fopen("/dev/null", "w"))->red, "");
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    cr_assert(fd >= 0);
    FILE *terminal = fdopen(fd, "w");
    expect_other_text(style_for(terminal)->red, "");
    setenv("NO_COLOR", "", 1);
    expect_other_text(style_for(terminal)->red, "", "an empty NO_COLOR is none");
    setenv("NO_COLOR", "1", 1);
    expect_text(style_for(terminal)->red, "");
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    expect_text(style_for(terminal)->red, "");
    fclose(terminal);
}

Test(render, matrix_has_the_counts_of_explore) {
    static const char *const parts[] = {"buggy        found 1/1\n",
                                        "decoy decoy  bounded 1000\n",
                                        "fixed        proved 431 !\n",
                                        "fixed/toy.c under explore\n",
                                        "expected proved 432, got proved 431\n",
                                        "3 verdicts: 1 not as expected\n"};
    const char *text = text_of(render_matrix, report_of_explore(owner));
    expect_parts(text, parts);
}

/* One table for all would have columns that are empty for most, and would not fit the page. */
Test(render, matrix_has_a_table_for_each_family) {
    char *text = text_of(render_matrix, report_of_suite(owner));
    cr_expect(strncmp(text, "races            tsan         helgrind     drd\n", 46) == 0, "%s",
              text);
    cr_expect(strstr(text, "\nservers    probe\n") != NULL, "%s", text);
}

static void expect_golden_json(const char *name, json_t *value, const struct suite_report *report) {
    char *dump = json_dumps(value, JSON_INDENT(2));
    expect_golden(name, talloc_asprintf(owner, "%s\n", dump), report);
    free(dump);
    json_decref(value);
}

Test(render, json_of_a_program) {
    const struct suite_report *report = report_of_user(owner);
    expect_golden_json("user.json", render_json_program(report, &report->programs[0]), report);
}

/* The reason is the catalogue's; what a terminal would obey is clean. */
Test(render, json_of_a_program_of_the_suite) {
    const struct suite_report *report = report_of_suite(owner);
    json_t *program = render_json_program(report, &report->programs[2]), *first, *second;
    const char *message, *kind, *reason, *actor, *file;
    int failed, line;
    expect_text(answer_word(program, "program"), "fixed/toy.c");
    cr_assert(json_unpack(program, "{s[oo!]}", "results", &first, &second) == 0);
    expect_text(answer_word(first, "detector"), "tsan");
    expect_text(answer_word(first, "verdict"), "other");
    cr_assert(json_unpack(first, "{sb s[{ss}]}", "program_failed", &failed, "findings", "message",
                          &message) == 0);
    cr_expect(failed);
    expect_text(message, BAD "[2J<b>&\"' " BAD "\xc3\xa9" BAD " " BAD BAD BAD " end");
    cr_assert(json_unpack(second, "{ss sb s[{ss s[{} {ss ss si} {} {}!]}]}", "reason", &reason,
                          "program_failed", &failed, "findings", "kind", &kind, "locations",
                          "actor", &actor, "file", &file, "line", &line) == 0);
    cr_expect(not(failed));
    expect_text(reason, "A known false alarm.");
    expect_text(kind, "deadlock");
    expect_text(actor, "car 1");
    expect_text(file, "fixed/toy.c");
    cr_expect(eq(int, line, 21));
    json_decref(program);
}

Test(render, json_of_the_matrix) {
    const struct suite_report *report = report_of_suite(owner);
    expect_golden_json("matrix.json", render_json_matrix(report), report);
}

/* What was not run has no verdict to tell. */
Test(render, json_leaves_out_what_was_not_run) {
    struct suite_report *report = report_of_suite(owner);
    report->programs[0].cells[0].result.runs = 0;
    json_t *program = render_json_program(report, &report->programs[0]);
    cr_expect(eq(sz, answer_count(program, "results"), 1));
    json_t *matrix = render_json_matrix(report), *results = NULL;
    cr_assert(json_unpack(matrix, "{s[{s[{so}]}]}", "hazards", "programs", "results", &results) ==
              0);
    cr_expect(eq(sz, json_array_size(results), 1));
    json_decref(program);
    json_decref(matrix);
}

Test(render, junit) {
    const struct suite_report *report = report_of_suite(owner);
    struct error error = {""};
    cr_assert(render_junit_file(in_folder("junit.xml"), report, &error) == 0, "%s", error.text);
    expect_golden("suite.xml", read_file(owner, in_folder("junit.xml")), report);
}

Test(render, junit_says_when_it_was_interrupted) {
    struct suite_report *report = report_of_suite(owner);
    report->partial = true;
    cr_assert(render_junit_file(in_folder("junit.xml"), report, NULL) == 0);
    cr_expect(strstr(read_file(owner, in_folder("junit.xml")),
                     "<testsuites name=\"hazard (interrupted: not all)\" ") != NULL);
}

static int count_elements(const xmlNode *node, const char *name) {
    int count = 0;
    for (; node != NULL; node = node->next)
        count += (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0) +
                 count_elements(node->children, name);
    return count;
}

static xmlDoc *junit_of(const struct suite_report *report) {
    cr_assert(render_junit_file(in_folder("junit.xml"), report, NULL) == 0);
    return readers_junit(in_folder("junit.xml"));
}

Test(render, junit_is_well_formed_whatever_was_printed) {
    xmlDoc *document = junit_of(report_of_suite(owner));
    const xmlNode *root = xmlDocGetRootElement(document);
    expect_text(root->name, "testsuites");
    cr_expect(eq(int, count_elements(root, "testsuite"), 2));
    cr_expect(eq(int, count_elements(root, "testcase"), 8));
    cr_expect(eq(int, count_elements(root, "failure"), 2));
    cr_expect(eq(int, count_elements(root, "skipped"), 1));
    xmlFreeDoc(document);
}

static const char *attribute(xmlNode *node, const char *name) {
    xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
    const char *copy = talloc_strdup(owner, value != NULL ? (const char *)value : "");
    xmlFree(value);
    return copy;
}

/* Nothing was expected of it: what was found, or hung, is a failure. */
Test(render, junit_of_a_users_program) {
    static const char *const cases[][3] = {
        {"buggy/toy.c under tsan", "failure",
         "data-race: data race on global 'total', at buggy/toy.c:22; exit 66"},
        {"buggy/toy.c under tsan-gcc", "failure", "hung 3/3; stuck"},
        {"buggy/toy.c under helgrind", "skipped", "changed 3/3: spins"},
        {"buggy/toy.c under drd", "system-out", ""},
        {"buggy/toy.c under probe", "skipped", "unsupported: never listens"},
    };
    xmlDoc *document = junit_of(report_of_user(owner));
    xmlNode *suite = xmlFirstElementChild(xmlDocGetRootElement(document));
    expect_text(attribute(suite, "name"), "buggy/toy.c");
    expect_text(attribute(suite, "tests"), "5");
    expect_text(attribute(suite, "failures"), "2");
    expect_text(attribute(suite, "skipped"), "2");
    xmlNode *one = xmlFirstElementChild(suite);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++, one = xmlNextElementSibling(one)) {
        xmlNode *result = xmlFirstElementChild(one);
        expect_text(attribute(one, "name"), cases[i][0]);
        expect_text(attribute(one, "classname"), "buggy/toy.c");
        cr_assert(result != NULL, "%s", cases[i][0]);
        expect_text(result->name, cases[i][1], "%s", cases[i][0]);
        expect_text(attribute(result, "message"), cases[i][2], "%s", cases[i][0]);
    }
    cr_expect(one == NULL);
    xmlFreeDoc(document);
}

/* What was skipped says why twice: some readers have nothing of it but its output. */
Test(render, junit_says_in_the_output_what_was_not_found) {
    static const char *const outputs[] = {NULL, NULL, "changed 3/3: spins", "silent: exit 0",
                                          "unsupported: never listens"};
    xmlDoc *document = junit_of(report_of_user(owner));
    xmlNode *one = xmlFirstElementChild(xmlFirstElementChild(xmlDocGetRootElement(document)));
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs;
         i++, one = xmlNextElementSibling(one)) {
        xmlNode *last = xmlLastElementChild(one);
        bool has = strcmp((const char *)last->name, "system-out") == 0;
        cr_assert(eq(int, has, outputs[i] != NULL), "case %zu", i);
        xmlChar *text = xmlNodeGetContent(last);
        if (has)
            expect_text((const char *)text, outputs[i]);
        xmlFree(text);
    }
    xmlFreeDoc(document);
}

/* What the compiler says may have colours, and bytes that XML cannot have. */
static struct suite_report *report_of_broken(void) {
    struct suite_report *report = report_of_user(owner);
    struct program_report *program = &report->programs[0];
    for (size_t i = 0; i < program->cell_count; i++)
        program->cells[i] = (struct cell){.result = {.detector = program->cells[i].result.detector,
                                                     .verdict = VERDICT_UNSUPPORTED,
                                                     .runs = 1,
                                                     .hits = 1,
                                                     .detail = "it does not compile"},
                                          .failure = "tsan on toy.c: it does not compile",
                                          .words = "toy.c:1: \033[31merror\033[0m: <x>\n\tint x\n",
                                          .failed = true};
    report->trouble = program->cells[0].failure;
    report->fruitless = true;
    return report;
}

Test(render, junit_of_what_does_not_compile) {
    xmlDoc *document = junit_of(report_of_broken());
    const xmlNode *root = xmlDocGetRootElement(document);
    cr_expect(eq(int, count_elements(root, "error"), 5));
    xmlNode *error = xmlFirstElementChild(
        xmlFirstElementChild(xmlFirstElementChild(xmlDocGetRootElement(document))));
    expect_text(attribute(error, "message"), "tsan on toy.c: it does not compile");
    xmlChar *text = xmlNodeGetContent(error);
    expect_text((const char *)text, "toy.c:1: " BAD "[31merror" BAD "[0m: <x>\n\tint x\n");
    xmlFree(text);
    xmlFreeDoc(document);
}

static json_t *sarif_run_of(const struct suite_report *report) {
    cr_assert(render_sarif_file(in_folder("a.sarif"), report, NULL) == 0);
    return readers_sarif_run(in_folder("a.sarif"));
}

Test(render, sarif_of_what_does_not_compile) {
    json_t *run = sarif_run_of(report_of_broken()), *notifications = NULL;
    int successful = 1;
    cr_assert(json_unpack(run, "{s[{sb so}]}", "invocations", "executionSuccessful", &successful,
                          "toolExecutionNotifications", &notifications) == 0);
    cr_expect(not(successful));
    cr_expect(eq(sz, answer_count(run, "results"), 0));
    cr_assert(eq(sz, json_array_size(notifications), 5));
    expect_text(answer_word(json_array_get(notifications, 0), "level"), "error");
    json_decref(run);
}

Test(render, sarif) {
    const struct suite_report *report = report_of_explore(owner);
    struct error error = {""};
    cr_assert(render_sarif_file(in_folder("a.sarif"), report, &error) == 0, "%s", error.text);
    expect_golden("explore.sarif", read_file(owner, in_folder("a.sarif")), report);
}

/* The properties that SARIF 2.1.0 requires, and those that code hosts need beside them. */
Test(render, sarif_has_its_required_properties) {
    json_t *run = sarif_run_of(report_of_suite(owner)), *results = NULL, *one;
    const char *tool = "";
    int successful = 0;
    size_t i;
    cr_assert(json_unpack(run, "{s{s{ss}} s[{sb}] so}", "tool", "driver", "name", &tool,
                          "invocations", "executionSuccessful", &successful, "results",
                          &results) == 0);
    expect_text(tool, "hazard");
    cr_expect(successful);
    cr_expect(eq(sz, json_array_size(results), 5));
    json_array_foreach(results, i, one) {
        const char *rule, *level, *text, *uri, *base, *fingerprint;
        cr_expect(json_unpack(one, "{ss ss s{ss} s[{s{s{ss ss}}}] s{ss}}", "ruleId", &rule, "level",
                              &level, "message", "text", &text, "locations", "physicalLocation",
                              "artifactLocation", "uri", &uri, "uriBaseId", &base,
                              "partialFingerprints", "hazardFinding/v1", &fingerprint) == 0,
                  "result %zu", i);
    }
    json_decref(run);
}

/* Line 1: there is none. What was expected is a note. */
static const struct {
    const char *rule, *level, *file;
    int line;
    const char *message;
    size_t related;
} sarif_rows[] = {
    {"data-race", "note", "buggy/toy.c", 22, "data race on global 'total'", 3},
    {"data-race", "note", "buggy/toy-decoy.c", 22, "data race on global 'total'", 3},
    {"exit", "error", "fixed/toy.c", 1, BAD "[2J<b>&\"' " BAD "\xc3\xa9" BAD " " BAD BAD BAD " end",
     0},
    {"deadlock", "note", "fixed/toy.c", 21, "a cycle of 4", 4},
    {"blocked-client", "note", "buggy/inn.c", 12, "client 2 waits for client 1", 2},
};

Test(render, sarif_has_a_result_for_each_finding) {
    json_t *run = sarif_run_of(report_of_suite(owner)), *results = NULL, *rules = NULL;
    enum { ROWS = sizeof sarif_rows / sizeof *sarif_rows };
    cr_assert(json_unpack(run, "{so s{s{so}}}", "results", &results, "tool", "driver", "rules",
                          &rules) == 0);
    cr_expect(eq(sz, json_array_size(rules), 4), "each kind once");
    cr_assert(eq(sz, json_array_size(results), ROWS));
    for (size_t i = 0; i < ROWS; i++) {
        const json_t *one = json_array_get(results, i);
        const char *message = "", *file = "";
        int line = 0;
        json_unpack((json_t *)one, "{s{ss} s[{s{s{ss} s?{si}}}]}", "message", "text", &message,
                    "locations", "physicalLocation", "artifactLocation", "uri", &file, "region",
                    "startLine", &line);
        expect_text(answer_word(one, "ruleId"), sarif_rows[i].rule, "result %zu", i);
        expect_text(answer_word(one, "level"), sarif_rows[i].level, "result %zu", i);
        expect_text(file, sarif_rows[i].file, "result %zu", i);
        cr_expect(eq(int, line, sarif_rows[i].line), "result %zu", i);
        expect_text(message, sarif_rows[i].message, "result %zu", i);
        cr_expect(eq(sz, answer_count(one, "relatedLocations"), sarif_rows[i].related),
                  "result %zu", i);
    }
    json_decref(run);
}

Test(render, sarif_has_a_thread_flow_for_each_actor) {
    json_t *run = sarif_run_of(report_of_suite(owner)), *flows = NULL;
    cr_assert(json_unpack(run, "{s[{s[{so}]}]}", "results", "codeFlows", "threadFlows", &flows) ==
              0);
    cr_assert(eq(sz, json_array_size(flows), 3));
    static const char *const actors[] = {"thread 2", "thread 1", "main thread"};
    for (size_t i = 0; i < 3; i++)
        expect_text(answer_word(json_array_get(flows, i), "id"), actors[i]);
    json_decref(run);
}

/* A finding with a schedule: its steps, each once, in an order that goes through all flows. */
Test(render, sarif_tells_the_schedule) {
    const struct suite_report *report = report_of_explore(owner);
    json_t *run = sarif_run_of(report), *flows = NULL, *flow, *step;
    static const struct {
        const char *actor;
        int orders[3];
    } wanted[] = {{"thread 2", {2, 4}}, {"main thread", {3}}};
    cr_assert(json_unpack(run, "{s[{s[{so}]}]}", "results", "codeFlows", "threadFlows", &flows) ==
              0);
    cr_assert(eq(sz, json_array_size(flows), 2));
    size_t i, j;
    json_array_foreach(flows, i, flow) {
        expect_text(answer_word(flow, "id"), wanted[i].actor);
        json_array_foreach(json_object_get(flow, "locations"), j, step)
            cr_expect(eq(int, answer_number(step, "executionOrder"), wanted[i].orders[j]),
                      "%s, step %zu", wanted[i].actor, j);
        cr_expect(eq(int, wanted[i].orders[j], 0), "%s has more steps", wanted[i].actor);
    }
    json_decref(run);
}

/* The fingerprint is of the guilty lines' text: the same finding further down is the same. */
Test(render, sarif_fingerprint_survives_a_move) {
    struct suite_report *report = report_of_user(owner);
    const char *prints[2] = {"", ""};
    char *source = read_file(owner, report->programs[0].sources.paths[0]);
    for (int i = 0; i < 2; i++) {
        const char *moved = talloc_asprintf(owner, "%s%s", i == 0 ? "" : "\n\n", source);
        const char *path = in_folder("moved.c");
        cr_assert(file_replace(path, moved, strlen(moved), NULL) == 0);
        *(const char **)report->programs[0].sources.paths = path;
        struct finding *finding = &report->programs[0].cells[0].result.findings.items[0];
        for (size_t j = 0; j < 2; j++)
            finding->locations[j].frames[0].file = path,
            finding->locations[j].frames[0].line += i == 0 ? 0 : 2;
        json_t *run = sarif_run_of(report);
        cr_assert(json_unpack(run, "{s[{s{ss}}]}", "results", "partialFingerprints",
                              "hazardFinding/v1", &prints[i]) == 0);
        prints[i] = talloc_strdup(owner, prints[i]);
        json_decref(run);
    }
    expect_text(prints[0], prints[1]);
}

Test(render, sarif_of_an_interrupted_run_says_so) {
    struct suite_report *report = report_of_suite(owner);
    report->partial = true;
    int successful = 1;
    json_t *run = sarif_run_of(report);
    cr_assert(json_unpack(run, "{s[{sb}]}", "invocations", "executionSuccessful", &successful) ==
              0);
    cr_expect(not(successful));
    json_decref(run);
}
