/* SPDX-License-Identifier: MIT */
/*
 * tests/fixtures/catalog/suite is a small suite. Each file of tests/fixtures/catalog/bad is its
 * sample.yaml with one thing wrong, and says in its first line which error is wanted.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/memory.h"
#include "base/tool.h"
#include "hazard/catalog/catalog.h"
#include "hazard/catalog/catalog_expect.h"
#include "hazard/catalog/catalog_file.h"
#include "hazard/catalog/catalog_names.h"
#include "hazard/detectors.h"
#include "hazard/nearest.h"
#include "tests/support/text.h"

#define SUITE "tests/fixtures/catalog/suite"
#define BAD "tests/fixtures/catalog/bad"

static void *owner;

static void setup(void) {
    owner = talloc_new(NULL);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(catalog, .init = setup, .fini = teardown);

static void link_into(const char *root, const char *folder, const char *name, const char *suffix) {
    char *target = realpath(talloc_asprintf(owner, SUITE "/%s/%s%s", folder, name, suffix), NULL);
    char *link = talloc_asprintf(owner, "%s/%s/%s%s", root, folder, name, suffix);
    cr_assert(target != NULL && symlink(target, link) == 0, "cannot link %s", link);
    free(target);
}

/* A copy of the suite, made of links, that a test can spoil. Whoever takes it removes it. */
static char *spoilable_suite(void) {
    static const struct {
        const char *folder, *suffix;
    } parts[] = {{"buggy", ".c"}, {"fixed", ".c"}, {"catalog", ".yaml"}};
    const char *parent = getenv("TMPDIR");
    char *root = folder_new(owner, parent != NULL ? parent : "/tmp", NULL);
    for (size_t i = 0; i < 3; i++) {
        struct catalog_names names;
        const char *folder = talloc_asprintf(owner, "%s/%s", root, parts[i].folder);
        const char *from = talloc_asprintf(owner, SUITE "/%s", parts[i].folder);
        cr_assert(folder_make(folder, NULL) == 0 &&
                  catalog_names_read(owner, from, parts[i].suffix, &names, NULL) == 0);
        for (size_t j = 0; j < names.count; j++)
            link_into(root, parts[i].folder, names.items[j], parts[i].suffix);
    }
    return root;
}

static void replace_with(const char *root, const char *path, const char *target) {
    char *whole = realpath(target, NULL), *link = talloc_asprintf(owner, "%s/%s", root, path);
    unlink(link);
    cr_assert(whole != NULL && symlink(whole, link) == 0, "cannot link %s", link);
    free(whole);
}

/* What follows "# wanted: " in the first line. */
static const char *wanted_error(const char *file) {
    char *text = file_read(owner, file, NULL);
    cr_assert(text != NULL && strncmp(text, "# wanted: ", 10) == 0, "%s lacks '# wanted: '", file);
    text[strcspn(text, "\n")] = '\0';
    return text + 10;
}

Test(catalog, rejects_each_bad_file_with_its_line) {
    char *root = spoilable_suite();
    struct catalog_names names;
    cr_assert(catalog_names_read(owner, BAD, ".yaml", &names, NULL) == 0);
    cr_expect(ge(sz, names.count, 50), "where are the bad files?");
    for (size_t i = 0; i < names.count; i++) {
        const char *file = talloc_asprintf(owner, BAD "/%s.yaml", names.items[i]);
        struct error error = {""};
        replace_with(root, "catalog/sample.yaml", file);
        cr_expect(catalog_load_file(owner, root, "catalog/sample.yaml", &error) == NULL,
                  "%s was taken", file);
        expect_text(error.text, wanted_error(file), "%s", file);
    }
    folder_remove(root);
}

Test(catalog, whole_catalogue_fails_with_its_file) {
    char *root = spoilable_suite();
    struct error error = {""};
    replace_with(root, "catalog/sample.yaml", BAD "/cwe-zero.yaml");
    cr_expect(catalog_load(owner, root, &error) == NULL);
    expect_text(error.text, wanted_error(BAD "/cwe-zero.yaml"));
    folder_remove(root);
}

Test(catalog, program_that_no_hazard_owns_is_an_error) {
    static const char *const strays[] = {"buggy/stray.c", "buggy/sampler.c", "fixed/listen.c"};
    for (size_t i = 0; i < 3; i++) {
        char *root = spoilable_suite();
        struct error error = {""};
        replace_with(root, strays[i], SUITE "/buggy/sample.c");
        cr_expect(catalog_load(owner, root, &error) == NULL, "%s", strays[i]);
        cr_expect(strncmp(error.text, strays[i], strlen(strays[i])) == 0, "%s", error.text);
        folder_remove(root);
    }
}

Test(catalog, program_that_no_hazard_owns_is_told_with_the_file_it_lacks) {
    char *root = spoilable_suite();
    struct error error = {""};
    replace_with(root, "buggy/stray.c", SUITE "/buggy/sample.c");
    cr_expect(catalog_load(owner, root, &error) == NULL);
    expect_text(error.text, "buggy/stray.c: no catalogue file mentions it (catalog/stray.yaml is "
                            "missing)");
    folder_remove(root);
}

/* Without sample-more.yaml, sample-more.c is a decoy of sample that its catalogue file forgot. */
Test(catalog, program_belongs_to_the_longest_name) {
    char *root = spoilable_suite();
    struct error error = {""};
    unlink(talloc_asprintf(owner, "%s/catalog/sample-more.yaml", root));
    cr_expect(catalog_load(owner, root, &error) == NULL);
    expect_text(error.text,
                "catalog/sample.yaml:11: buggy/sample-more.c is not listed in 'programs'");
    folder_remove(root);
}

/* Not on the disk either, so that it is no forgotten file but a missing half. */
Test(catalog, both_halves_of_the_pair_must_be_listed) {
    char *root = spoilable_suite();
    struct error error = {""};
    unlink(talloc_asprintf(owner, "%s/buggy/sample.c", root));
    replace_with(root, "catalog/sample.yaml", BAD "/buggy-not-listed.yaml");
    cr_expect(catalog_load(owner, root, &error) == NULL);
    expect_text(error.text, wanted_error(BAD "/buggy-not-listed.yaml"));
    folder_remove(root);
}

/* An editor's lock or backup is no catalogue file. */
Test(catalog, hidden_files_are_not_read) {
    char *root = spoilable_suite();
    struct error error = {""};
    replace_with(root, "catalog/.#sample.yaml", BAD "/cwe-zero.yaml");
    cr_expect(catalog_load(owner, root, &error) != NULL, "%s", error.text);
    folder_remove(root);
}

Test(catalog, missing_folders_and_names_are_errors) {
    struct error error = {""};
    cr_expect(catalog_load(owner, "/nonexistent", &error) == NULL);
    expect_text(error.text, "cannot find the suite in /nonexistent: No such file or directory");
    cr_expect(catalog_load(owner, SUITE "/catalog", &error) == NULL);
    cr_expect(strstr(error.text, "cannot read the folder ") != NULL, "%s", error.text);
    cr_expect(catalog_load_file(owner, SUITE, "catalog/sample.yml", &error) == NULL);
    expect_text(error.text, "catalog/sample.yml: a catalogue file is called NAME.yaml");
    cr_expect(catalog_load_file(owner, SUITE, "catalog/none.yaml", &error) == NULL);
    cr_expect(strstr(error.text, "catalog/none.yaml: No such file") != NULL, "%s", error.text);
}

static const struct catalog *load_suite(void) {
    struct error error = {""};
    const struct catalog *catalog = catalog_load(owner, SUITE, &error);
    cr_assert(catalog != NULL, "%s", error.text);
    return catalog;
}

Test(catalog, hazards_come_by_family_headliners_first) {
    static const char *const order[] = {"sample-more", "sample", "listener"};
    const struct catalog *catalog = load_suite();
    cr_assert(eq(sz, catalog->count, 3));
    for (size_t i = 0; i < 3; i++)
        expect_text(catalog->hazards[i].name, order[i], "place %zu", i);
}

Test(catalog, reads_what_a_hazard_says) {
    const struct hazard *hazard = catalog_find(load_suite(), "sample");
    cr_assert(hazard != NULL);
    expect_text(hazard->title, "A sample");
    expect_text(hazard->story, "Something is shared, and nobody looks after it.\n");
    expect_text(hazard->sources[0], "a book");
    cr_expect(hazard->sources[1] == NULL);
    expect_text(hazard->exercise, "Try it.");
    cr_expect(eq(int, (int)hazard->family, HAZARD_FAMILY_RACES));
    cr_expect(eq(int, (int)hazard->kind, KIND_DATA_RACE));
    cr_expect(eq(int, hazard->cwe, 362));
    cr_expect(eq(int, hazard->diff_limit, 12));
    cr_expect(not(hazard->headline || hazard->server));
    expect_text(hazard->actors[1], "thread 2");
    cr_expect(hazard->actors[2] == NULL);
    expect_text(hazard->args[1], "100");
    cr_expect(hazard->args[2] == NULL);
}

Test(catalog, optional_keys_have_defaults) {
    const struct catalog *catalog = load_suite();
    const struct hazard *more = catalog_find(catalog, "sample-more");
    cr_expect(eq(int, more->diff_limit, 40));
    cr_expect(more->args[0] == NULL);
    cr_expect(more->headline && !more->server);
    cr_expect(catalog_find(catalog, "listener")->server);
}

Test(catalog, programs_have_the_role_of_their_path) {
    static const struct {
        const char *path;
        enum role role;
    } rows[] = {{"buggy/sample.c", ROLE_BUGGY},
                {"buggy/sample-decoy.c", ROLE_DECOY},
                {"fixed/sample.c", ROLE_FIXED},
                {"fixed/sample-variant.c", ROLE_VARIANT}};
    const struct hazard *hazard = catalog_find(load_suite(), "sample");
    cr_assert(eq(sz, hazard->program_count, 4));
    for (size_t i = 0; i < 4; i++) {
        expect_text(hazard->programs[i].path, rows[i].path);
        cr_expect(eq(int, (int)hazard->programs[i].role, (int)rows[i].role), "%s", rows[i].path);
    }
    expect_text(hazard->programs[1].about, "does not help");
    expect_text(hazard->programs[0].about, "");
}

Test(catalog, expectations_inherit_the_kind) {
    const struct hazard *hazard = catalog_find(load_suite(), "sample");
    const struct program *buggy = &hazard->programs[0], *decoy = &hazard->programs[1];
    cr_expect(eq(int, (int)catalog_expectation(buggy, "tsan")->kind, KIND_DATA_RACE), "hazard's");
    cr_expect(eq(int, (int)catalog_expectation(decoy, "tsan")->kind, KIND_ATOMICITY), "program's");
    cr_expect(eq(int, (int)catalog_expectation(decoy, "helgrind")->kind, KIND_LOCK_ORDER), "own");
    cr_expect(catalog_expectation(buggy, "probe") == NULL);
}

Test(catalog, each_detector_has_its_own_expectation) {
    const struct program *buggy = &catalog_find(load_suite(), "listener")->programs[0];
    cr_assert(eq(sz, buggy->expectation_count, 5));
    cr_expect(eq(int, (int)catalog_expectation(buggy, "drd")->verdict, VERDICT_SILENT));
    cr_expect(eq(int, (int)catalog_expectation(buggy, "probe")->verdict, VERDICT_FOUND));
    cr_expect(eq(int, (int)catalog_expectation(buggy, "probe")->kind, KIND_BLOCKED_CLIENT));
}

Test(catalog, expectations_have_verdict_alternative_and_reason) {
    const struct program *buggy = &catalog_find(load_suite(), "sample")->programs[0];
    const struct expectation *chance = catalog_expectation(buggy, "tsan-gcc");
    cr_expect(eq(int, (int)chance->verdict, VERDICT_FOUND));
    cr_expect(eq(int, chance->alternative, VERDICT_SILENT));
    expect_text(chance->reason, "chance");
    cr_expect(eq(int, catalog_expectation(buggy, "tsan")->alternative, -1));
    expect_text(catalog_expectation(buggy, "tsan")->reason, "");
}

static void expect_words(const char *const *got, const char *const *wanted, const char *what) {
    size_t i = 0;
    for (; got[i] != NULL && wanted[i] != NULL; i++)
        expect_text(got[i], wanted[i], "%s, word %zu", what, i);
    cr_expect(got[i] == wanted[i], "%s: %zu words were wanted", what, i);
}

Test(catalog, a_program_has_other_words_under_explore) {
    static const char *const none[] = {NULL}, *const args[] = {"2", "1", NULL};
    static const char *const options[] = {"races", "report", "spurious", "0", NULL};
    static const char *const more[] = {"races", "report", "spurious", "0", "spurious", "2", NULL};
    const struct hazard *hazard = catalog_find(load_suite(), "sample-more");
    const struct program *buggy = &hazard->programs[0], *fixed = &hazard->programs[1];
    expect_words(catalog_program_args(hazard, buggy, "explore"), none, "its own, an empty list");
    expect_words(catalog_program_args(hazard, fixed, "explore"), args, "the hazard's");
    expect_words(catalog_program_args(hazard, buggy, "tsan"), hazard->args,
                 "others are given none");
    expect_words(catalog_program_options(buggy, "explore"), more, "its own overrule the hazard's");
    expect_words(catalog_program_options(fixed, "explore"), options, "the hazard's");
    expect_words(catalog_program_options(fixed, "tsan"), none, "others have none");
    const struct hazard *sample = catalog_find(load_suite(), "sample");
    expect_words(catalog_program_args(sample, &sample->programs[0], "explore"), sample->args,
                 "as ever");
}

/* The same under inject, whose words explore does not get. */
Test(catalog, a_program_has_other_words_under_inject) {
    static const char *const args[] = {"3", NULL};
    static const char *const options[] = {"signal", "SIGCHLD", "child-exit", "true",
                                          "points", "5000",    NULL};
    static const char *const more[] = {"signal", "SIGCHLD", "child-exit", "true",
                                       "points", "5000",    "child-exit", "false",
                                       "from",   "work",    NULL};
    const struct hazard *hazard = catalog_find(load_suite(), "sample-more");
    const struct program *buggy = &hazard->programs[0], *fixed = &hazard->programs[1];
    expect_words(catalog_program_args(hazard, buggy, "inject"), args, "the hazard's");
    expect_words(catalog_program_options(buggy, "inject"), more, "its own overrule the hazard's");
    expect_words(catalog_program_options(fixed, "inject"), options, "the hazard's");
    cr_expect(eq(int, (int)catalog_expectation(buggy, "inject")->kind, KIND_SIGNAL_RACE));
    cr_expect(eq(int, (int)catalog_expectation(fixed, "inject")->verdict, VERDICT_PROVED));
}

/* No `explore-args` is not an empty list of them. */
Test(catalog, a_program_has_its_usual_words_under_explore_too) {
    char *root = spoilable_suite(), *text = file_read(owner, SUITE "/catalog/sample.yaml", NULL);
    const char *path = talloc_asprintf(owner, "%s/catalog/sample.yaml", root);
    char *drd = strstr(text, "      drd: ");
    struct error error = {""};
    unlink(path);
    FILE *out = fopen(path, "w");
    fprintf(out, "%.*s      explore: {verdict: found}\n%s", (int)(drd - text), text, drd);
    fclose(out);
    const struct hazard *hazard = catalog_load_file(owner, root, path, &error);
    cr_assert(hazard != NULL, "%s", error.text);
    const struct expectation *expected = catalog_expectation(&hazard->programs[0], "explore");
    cr_assert(expected != NULL && expected->args == NULL);
    expect_words(catalog_program_args(hazard, &hazard->programs[0], "explore"), hazard->args,
                 "usual");
    folder_remove(root);
}

Test(catalog, explore_may_prove_in_so_many_executions) {
    const struct hazard *hazard = catalog_find(load_suite(), "sample-more");
    const struct expectation *found = catalog_expectation(&hazard->programs[0], "explore");
    const struct expectation *proved = catalog_expectation(&hazard->programs[1], "explore");
    cr_expect(eq(int, (int)found->verdict, VERDICT_FOUND));
    cr_expect(eq(int, (int)found->kind, KIND_LOCK_ORDER));
    cr_expect(eq(int, found->count, 0));
    cr_expect(eq(int, (int)proved->verdict, VERDICT_PROVED));
    cr_expect(eq(int, proved->count, 20));
}

Test(catalog, offers_the_nearest_name) {
    static const struct {
        const char *word, *near;
    } rows[] = {{"sampel", "sample"},
                {"smple", "sample"},
                {"sample-mor", "sample-more"},
                {"lisener", "listener"},
                {"samplemore", "sample-more"},
                {"counter", NULL},
                {"", NULL}};
    const struct catalog *catalog = load_suite();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *near = catalog_nearest(catalog, rows[i].word);
        cr_expect(rows[i].near == NULL ? near == NULL : near != NULL, "'%s'", rows[i].word);
        if (near != NULL && rows[i].near != NULL)
            expect_text(near, rows[i].near, "'%s'", rows[i].word);
    }
}

/* ---- Versions ------------------------------------------------------------------------ */

static int versions[VERSIONS_COUNT]; /* glibc, gcc, clang, valgrind */

static int chosen_version(size_t index) {
    return versions[index];
}

static const struct version_row {
    int glibc, valgrind; /* 0: there is none */
    enum verdict drd, inject;
    char drd_reason[32];
} version_rows[] = {
    {236, 319, VERDICT_SILENT, VERDICT_FOUND, "it has no such check"},
    {237, 323, VERDICT_SILENT, VERDICT_PROVED, "it has no such check"},
    {241, 324, VERDICT_FOUND, VERDICT_PROVED, ""},
    {236, 326, VERDICT_FOUND, VERDICT_FOUND, ""},
    {300, 327, VERDICT_SILENT, VERDICT_PROVED, "it has no such check"},
    {241, 318, VERDICT_SILENT, VERDICT_PROVED, "it does not look"},
    {236, 318, VERDICT_SILENT, VERDICT_FOUND,
     "it has no such check"}, /* one of two is not enough */
    {241, 0, VERDICT_SILENT, VERDICT_PROVED, "it has no such check"},
};

Test(catalog, the_first_expectation_for_the_versions_at_hand_counts) {
    const struct program *buggy = &catalog_find(load_suite(), "sample-more")->programs[0];
    cr_assert(eq(sz, buggy->expectation_count, 6), "one a detector, however many rows it has");
    for (size_t i = 0; i < sizeof version_rows / sizeof *version_rows; i++) {
        const struct version_row *row = &version_rows[i];
        versions[0] = row->glibc;
        versions[3] = row->valgrind;
        const struct expectation *drd = catalog_expectation_with(buggy, "drd", chosen_version);
        const struct expectation *inject =
            catalog_expectation_with(buggy, "inject", chosen_version);
        cr_assert(drd != NULL && inject != NULL, "row %zu", i);
        cr_expect(eq(int, (int)drd->verdict, (int)row->drd), "row %zu", i);
        cr_expect(eq(int, (int)inject->verdict, (int)row->inject), "row %zu", i);
        expect_text(drd->reason, row->drd_reason, "row %zu", i);
        cr_expect(eq(int, (int)drd->kind,
                     (int)(row->drd == VERDICT_FOUND ? KIND_API_MISUSE : KIND_DATA_RACE)),
                  "row %zu: each has its own kind", i);
    }
}

/* Arguments and options are the detector's, whichever row counts. */
Test(catalog, each_row_has_the_detectors_words) {
    const struct program *buggy = &catalog_find(load_suite(), "sample-more")->programs[0];
    for (int glibc = 236; glibc <= 237; glibc++) {
        versions[0] = glibc;
        const struct expectation *row = catalog_expectation_with(buggy, "inject", chosen_version);
        cr_assert(row->args != NULL && row->options != NULL, "glibc %d", glibc);
        expect_text(row->args[0], "3");
        expect_text(row->options[1], "SIGCHLD");
    }
}

Test(catalog, versions_are_named_and_asked_for) {
    static const char *const names[] = {"glibc", "gcc", "clang", "valgrind"};
    for (size_t i = 0; i < VERSIONS_COUNT; i++) {
        expect_text(versions_name(i), names[i]);
        cr_expect(gt(int, versions_here(i), 200), "%s is there", names[i]);
    }
    const char *whole = gnu_get_libc_version(), *glibc = versions_words(owner, versions_here(0));
    cr_expect(strncmp(whole, glibc, strlen(glibc)) == 0, "%s, not %s", glibc, whole);
    cr_expect(eq(int, tool_read_version("valgrind-3.24.0"), 324));
    cr_expect(eq(int, tool_read_version("gcc (Debian 14.2.0-19) 14.2.0"), 1402));
    cr_expect(eq(int, tool_read_version("Debian clang version 19.1.7 (3+b1)"), 1901));
    cr_expect(eq(int, tool_read_version("none"), 0));
}

static const char *word_in(const void *words, size_t index) {
    return ((const char *const *)words)[index];
}

Test(catalog, near_is_within_a_third_of_the_letters) {
    static const char *const words[] = {"or", "verdict", "reason"};
    static const struct {
        const char *word, *near;
    } rows[] = {{"ro", "or"},         {"xy", NULL},         {"vredict", "verdict"},
                {"verd", NULL},       {"raeson", "reason"}, {"raesno", "reason"},
                {"seasen", "reason"}, {"seaser", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *near = nearest_word(rows[i].word, word_in, words, 3);
        expect_text(near != NULL ? near : "none", rows[i].near != NULL ? rows[i].near : "none",
                    "%s", rows[i].word);
    }
}

Test(catalog, detectors_of_the_catalogue_exist) {
    for (size_t i = 0; catalog_expect_detector(i) != NULL; i++)
        cr_expect(detectors_find(catalog_expect_detector(i)) != NULL, "%s",
                  catalog_expect_detector(i));
}

Test(catalog, one_key_may_stand_for_several_detectors) {
    static const char *const detectors[] = {"tsan", "tsan-gcc", "helgrind", "drd", "probe"};
    const struct program *buggy = &catalog_find(load_suite(), "listener")->programs[0];
    for (size_t i = 0; i < 5; i++)
        expect_text(buggy->expectations[i].detector, detectors[i], "in the order of detectors");
    for (size_t i = 0; i < 4; i++)
        expect_text(buggy->expectations[i].reason, "it sees no clients", "%s", detectors[i]);
}

/* A reason that is read again from the same place is the same text in memory. */
static void expect_once(const char *all[], size_t *count, const char *path, const char *reason) {
    for (size_t i = 0; i < *count; i++) {
        if (all[i] == reason)
            return;
        cr_expect(strcmp(all[i], reason) != 0, "%s repeats a reason: name it: %s", path, reason);
    }
    all[(*count)++] = reason;
}

Test(catalog, no_reason_is_written_twice) {
    enum { MOST = 1000 };
    static const char *all[MOST];
    size_t count = 0;
    struct error error = {""};
    const struct catalog *catalog = catalog_load(owner, ".", &error);
    cr_assert(catalog != NULL, "%s", error.text);
    for (size_t i = 0; i < catalog->count; i++)
        for (size_t j = 0; j < catalog->hazards[i].program_count; j++) {
            const struct program *program = &catalog->hazards[i].programs[j];
            for (size_t k = 0; k < program->expectation_count; k++)
                for (const struct expectation *row = &program->expectations[k];
                     row != NULL && count < MOST; row = row->otherwise)
                    if (*row->reason != '\0')
                        expect_once(all, &count, program->path, row->reason);
        }
    cr_expect(ge(sz, count, 50), "where are the reasons?");
}
