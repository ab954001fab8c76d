/* SPDX-License-Identifier: MIT */
/* `hazard list` and `hazard show`, on the small suite of tests/fixtures/catalog. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "report/kind.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

#define HOME "unset COLUMNS; HAZARD_HOME=tests/fixtures/catalog/suite "

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(show, .init = setup, .fini = teardown);

static void expect_output(const char *line, const char *wanted) {
    struct run_outcome outcome = command(owner, line);
    expect_text(outcome.output, wanted, "%s", line);
    expect_text(outcome.errors, "", "%s", line);
    cr_expect(eq(int, outcome.status, 0), "%s", line);
}

Test(show, whole_page) {
    expect_output(HOME "hazard show sample",
                  file_read(owner, "tests/fixtures/render/show.txt", NULL));
}

Test(show, list_of_hazards) {
    expect_output(HOME "hazard list", file_read(owner, "tests/fixtures/render/list.txt", NULL));
}

Test(show, list_of_names_for_completion) {
    expect_output(HOME "hazard list --names", "sample-more\nsample\nlistener\n");
    expect_output(HOME "hazard list --names --family servers", "listener\n");
    expect_output(HOME "hazard list --names --family signals", "");
    expect_output("hazard list --detectors --names",
                  "tsan\ntsan-gcc\nhelgrind\ndrd\nprobe\nexplore\ninject\n");
}

static json_t *output_json(const char *line) {
    json_t *value = json_loads(command(owner, line).output, 0, NULL);
    cr_assert(value != NULL, "%s", line);
    return value;
}

Test(show, list_as_json) {
    json_t *hazards = output_json(HOME "hazard list --json");
    const char *name = "", *family = "", *title = "";
    int headline = 0;
    cr_expect(eq(sz, json_array_size(hazards), 3));
    cr_assert(json_unpack(hazards, "[{ss ss ss sb}]", "name", &name, "family", &family, "title",
                          &title, "headline", &headline) == 0);
    expect_text(name, "sample-more");
    expect_text(family, "races");
    expect_text(title, "More of it");
    cr_expect(eq(int, headline, 1));
    json_decref(hazards);
}

Test(show, list_of_kinds_has_them_all) {
    json_t *kinds = output_json("hazard list --kinds --json");
    cr_expect(eq(sz, json_array_size(kinds), KIND_COUNT));
    json_decref(kinds);
    struct run_outcome outcome = command(owner, "hazard list --kinds");
    cr_expect(strstr(outcome.output, "\nzombie ") != NULL, "%s", outcome.output);
}

Test(show, a_decoy_or_a_variant_in_place_of_the_fix) {
    static const struct {
        const char *line, *part;
    } rows[] = {
        {HOME "hazard show sample --decoy decoy", "\n+++ buggy/sample-decoy.c\n"},
        {HOME "hazard show sample --variant variant", "\n+++ fixed/sample-variant.c\n"},
    };
    for (size_t i = 0; i < 2; i++) {
        struct run_outcome outcome = command(owner, rows[i].line);
        cr_expect(eq(int, outcome.status, 0), "%s", rows[i].line);
        cr_expect(strstr(outcome.output, "\n--- buggy/sample.c\n") != NULL, "%s", rows[i].line);
        cr_expect(strstr(outcome.output, rows[i].part) != NULL, "%s", rows[i].line);
    }
    struct run_outcome outcome = command(owner, HOME "hazard show sample --no-diff");
    cr_expect(eq(int, outcome.status, 0), "%s", outcome.errors);
    cr_expect(strstr(outcome.output, "+++ ") == NULL, "%s", outcome.output);
}

Test(show, a_reason_that_several_detectors_share_is_told_once) {
    struct run_outcome outcome = command(owner, HOME "hazard show listener");
    const char *reason = strstr(outcome.output, "it sees no clients");
    cr_assert(reason != NULL, "%s", outcome.output);
    cr_expect(strstr(reason + 1, "it sees no clients") == NULL, "%s", outcome.output);
    cr_expect(strstr(outcome.output, "listener.c, tsan, tsan-gcc, helgrind, drd: silent\n") != NULL,
              "%s", outcome.output);
}

/* The table has what is expected with the versions that are here. */
Test(show, what_is_expected_with_which_versions) {
    static const char *const parts[] = {
        "sample-more.c, drd: found with valgrind >=3.24 <3.27\n",
        "sample-more.c, drd: silent with glibc >=2.37, valgrind <3.19\n      it does not look\n",
        "sample-more.c, drd: silent with other versions\n      it has no such check\n",
        "sample-more.c, inject: proved with glibc >=2.37\n      the new library takes no lock\n",
        "sample-more.c, inject: found with other versions\n",
        NULL};
    struct run_outcome outcome = command(owner, HOME "hazard show sample-more");
    for (const char *const *part = parts; *part != NULL; part++)
        cr_expect(strstr(outcome.output, *part) != NULL, "%s in %s", *part, outcome.output);
    json_t *hazard = output_json(HOME "hazard show sample-more --json");
    json_t *expected =
        json_object_get(json_array_get(json_object_get(hazard, "programs"), 0), "expected");
    cr_assert(eq(sz, json_array_size(expected), 9), "a row each");
    const json_t *first = json_object_get(json_array_get(expected, 7), "where");
    expect_text(json_string_value(json_object_get(first, "glibc")), ">=2.37");
    cr_expect(json_object_get(json_array_get(expected, 8), "where") == NULL, "the last one");
    json_decref(hazard);
}

Test(show, misuse_is_told_on_stderr_with_exit_2) {
    static const struct {
        const char *line, *error;
    } rows[] = {
        {"hazard show sampel", "hazard: there is no hazard 'sampel', did you mean 'sample'?\n"},
        {"hazard show zzzzzz", "hazard: there is no hazard 'zzzzzz'; `hazard list` names them\n"},
        {"hazard show", "hazard show: which hazard? `hazard list` names them\n"},
        {"hazard show sample listener",
         "hazard show: one hazard at a time: 'sample' or 'listener'\n"},
        {"hazard show sample --decoy x --variant y",
         "hazard show: --decoy and --variant exclude each other\n"},
        {"hazard show sample --decoy variant",
         "hazard: sample has no decoy 'variant' (buggy/sample-variant.c); `hazard show sample` "
         "lists its programs\n"},
        {"hazard list sample",
         "hazard list: unexpected 'sample'; `hazard show NAME` tells of one hazard\n"},
        {"hazard list --family race",
         "hazard list: unknown family 'race', did you mean 'races'? (allowed: races, deadlocks, "
         "signals, fairness, servers)\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run_outcome outcome =
            command(owner, talloc_asprintf(owner, HOME "%s", rows[i].line));
        cr_expect(eq(int, outcome.status, 2), "%s", rows[i].line);
        expect_text(outcome.output, "", "%s", rows[i].line);
        cr_expect(strncmp(outcome.errors, rows[i].error, strlen(rows[i].error)) == 0, "%s: %s",
                  rows[i].line, outcome.errors);
    }
}

Test(show, a_broken_catalogue_is_told_with_file_and_line) {
    const char *folder = scratch_new(owner);
    command(owner,
            talloc_asprintf(owner,
                            "cp -r tests/fixtures/catalog/suite/* %s && "
                            "cp tests/fixtures/catalog/bad/cwe-zero.yaml %s/catalog/sample.yaml",
                            folder, folder));
    const char *lines[] = {"list", "show sample"};
    for (size_t i = 0; i < 2; i++) {
        struct run_outcome outcome =
            command(owner, talloc_asprintf(owner, "HAZARD_HOME=%s hazard %s", folder, lines[i]));
        cr_expect(eq(int, outcome.status, 2), "%s", lines[i]);
        expect_text(outcome.errors,
                    "hazard: catalog/sample.yaml:6: 'cwe' must be a positive number, not 0\n");
    }
    scratch_remove(folder);
}
