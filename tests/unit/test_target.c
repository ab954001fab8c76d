/* SPDX-License-Identifier: MIT */
/*
 * From the user's words to targets, over the small suite of tests/fixtures/catalog/suite and the
 * fixtures' programs. What comes out is compared as one line: "NAME(ARGS) ...", with a letter
 * before each for what it is (p: of the suite, f2: two files, b: a binary) and "!" for a server.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "hazard/suite/target.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

#define PROGRAMS "tests/fixtures/programs/"
#define SUITE "tests/fixtures/catalog/suite/"

static void *owner;
static const struct catalog *catalog;

static void setup(void) {
    struct error error = {""};
    owner = talloc_new(NULL);
    catalog = catalog_load(owner, "tests/fixtures/catalog/suite", &error);
    cr_assert(catalog != NULL, "%s", error.text);
}

static void teardown(void) {
    talloc_free(owner);
}

TestSuite(target, .init = setup, .fini = teardown);

static const char *line_of(const struct targets *targets) {
    char *line = talloc_strdup(owner, "");
    for (size_t i = 0; i < targets->count; i++) {
        const struct target *target = &targets->items[i];
        const char *what = target->program != NULL ? "p"
                           : target->binary != NULL
                               ? "b"
                               : talloc_asprintf(owner, "f%zu", target->sources.count);
        line = talloc_asprintf_append(line, "%s%s%s %s(", i > 0 ? " " : "", what,
                                      target->server ? "!" : "", target->name);
        for (const char *const *arg = target->args; *arg != NULL; arg++)
            line = talloc_asprintf_append(line, "%s%s", arg == target->args ? "" : " ", *arg);
        line = talloc_asprintf_append(line, ")");
    }
    return line;
}

static size_t count_words(const char words[][64], const char **to) {
    size_t count = 0;
    while (count < 3 && words[count][0] != '\0') {
        to[count] = words[count];
        count++;
    }
    return count;
}

#define SAMPLE                                                                                     \
    "p buggy/sample.c(2 100) p buggy/sample-decoy.c(2 100) p fixed/sample.c(2 100) "               \
    "p fixed/sample-variant.c(2 100)"
#define MORE "p buggy/sample-more.c() p fixed/sample-more.c()"
#define LISTENER "p! buggy/listener.c() p! fixed/listener.c()"

static const struct target_row {
    char words[3][64];
    char wanted[256];
    bool own_args; /* "7 8" was given */
    bool outside;  /* the suite need not be there */
} target_rows[] = {
    /* Hazards: all their programs, with the catalogue's arguments. */
    {{"sample"}, SAMPLE, false, false},
    {{"sample-more"}, MORE, false, false},
    {{"listener"}, LISTENER, false, false},
    {{"listener", "sample-more"}, LISTENER " " MORE, false, false},
    {{""}, MORE " " SAMPLE " " LISTENER, false, false},
    {{"sample-more"}, "p buggy/sample-more.c(7 8) p fixed/sample-more.c(7 8)", true, false},
    /* C files: one program. */
    {{PROGRAMS "racy.c"}, "f1 " PROGRAMS "racy.c()", false, true},
    {{PROGRAMS "racy.c"}, "f1 " PROGRAMS "racy.c(7 8)", true, true},
    {{PROGRAMS "two-files-main.c", PROGRAMS "two-files-count.c"},
     "f2 " PROGRAMS "two-files-main.c()",
     false,
     true},
    /* Files of the suite are its programs, with the catalogue's arguments, or others. */
    {{SUITE "buggy/sample.c"}, "p buggy/sample.c(2 100)", false, true},
    {{SUITE "fixed/../fixed/sample.c"}, "p fixed/sample.c(7 8)", true, true},
    {{SUITE "buggy/sample.c", SUITE "fixed/listener.c"},
     "p buggy/sample.c(2 100) p! fixed/listener.c()",
     false,
     true},
    {{"sample-more", SUITE "fixed/sample.c"}, MORE " p fixed/sample.c(2 100)", false, false},
    {{SUITE "buggy/sample.c", PROGRAMS "racy.c"}, "f2 " SUITE "buggy/sample.c()", false, true},
    /* A binary. */
    {{"/bin/sh"}, "b /bin/sh()", false, true},
    {{"/bin/sh"}, "b /bin/sh(7 8)", true, true},
};

Test(target, words_name_targets) {
    static const char *const args[] = {"7", "8", NULL};
    for (size_t i = 0; i < sizeof target_rows / sizeof *target_rows; i++) {
        const struct target_row *row = &target_rows[i];
        const char *words[3];
        size_t count = count_words(row->words, words);
        struct targets targets = {0};
        struct error error = {""};
        const struct target_words said = {
            .words = words, .count = count, .args = row->own_args ? args : NULL};
        int result = targets_resolve(owner, catalog, &said, &targets, &error);
        cr_expect(eq(int, result, 0), "%s: %s", row->words[0], error.text);
        expect_text(line_of(&targets), row->wanted, "%s", row->words[0]);
        cr_expect(eq(int, targets_in_suite(&said), !row->outside), "%s", row->words[0]);
    }
}

static const struct refused_row {
    char words[3][64];
    char error[80]; /* a part of it */
} refused_rows[] = {
    {{"sampel"}, "there is no hazard 'sampel', did you mean 'sample'?"},
    {{"xylophone"}, "there is no hazard 'xylophone'; `hazard list` names them"},
    {{"sample", "sampel"}, "did you mean 'sample'?"},
    {{"nothing.c"}, "cannot read nothing.c: No such file or directory"},
    {{PROGRAMS "racy.c", "nothing.c"}, "cannot read nothing.c"},
    {{PROGRAMS "racy.c", "sample"}, "sample is no C file: name the C files of one program, or"},
    {{PROGRAMS "racy.c", "/bin/sh"}, "/bin/sh is no C file"},
    {{"sample", PROGRAMS "racy.c"}, PROGRAMS "racy.c is no hazard"},
    {{"/bin/sh", "/bin/sh"}, "/bin/sh is no hazard"},
    {{"sample", "/bin/sh"}, "/bin/sh is no hazard"},
    {{"/nonexistent/program"}, "/nonexistent/program is no hazard"},
    {{"./README.md"}, "./README.md is no hazard"}, /* it cannot be run */
    {{"tests/fixtures"}, "tests/fixtures is no hazard"},
    {{".c"}, "there is no hazard '.c'"},
    {{"server.cc"}, "explore takes C: server.cc is C++"},
    {{PROGRAMS "racy.c", "helper.cpp"}, "explore takes C: helper.cpp is C++"},
    {{"start.S"}, "explore takes C: start.S is assembler"},
};

Test(target, words_that_name_nothing_are_refused) {
    for (size_t i = 0; i < sizeof refused_rows / sizeof *refused_rows; i++) {
        const struct refused_row *row = &refused_rows[i];
        const char *words[3];
        size_t count = count_words(row->words, words);
        struct targets targets = {0};
        struct error error = {""};
        const struct target_words said = {.words = words, .count = count, .command = "explore"};
        int result = targets_resolve(owner, catalog, &said, &targets, &error);
        cr_expect(eq(int, result, -1), "%s %s", row->words[0], row->words[1]);
        cr_expect(strstr(error.text, row->error) != NULL, "%s %s: %s", row->words[0], row->words[1],
                  error.text);
    }
}

/* Another file of the same bytes, and one that the catalogue does not know. */
Test(target, a_copy_of_a_file_of_the_suite_is_the_users_own) {
    const char *folder = scratch_new(owner);
    const char *copy =
        write_file(owner, folder, "sample.c", read_file(owner, SUITE "buggy/sample.c"));
    const char *const words[] = {copy};
    const struct target_words said = {.words = words, .count = 1, .command = "explore"};
    struct targets targets = {0};
    int result = targets_resolve(owner, catalog, &said, &targets, NULL);
    scratch_remove(folder);
    cr_assert(eq(int, result, 0));
    cr_expect(eq(int, targets_below(catalog->root, &said), 0));
    expect_text(line_of(&targets), talloc_asprintf(owner, "f1 %s()", copy));
}

Test(target, paths_are_absolute) {
    static const char *const words[] = {PROGRAMS "../programs/racy.c"};
    struct targets targets = {0};
    char *here = getcwd(NULL, 0);
    const struct target_words said = {.words = words, .count = 1};
    cr_assert(eq(int, targets_resolve(owner, NULL, &said, &targets, NULL), 0));
    expect_text(targets.items[0].sources.paths[0],
                talloc_asprintf(owner, "%s/" PROGRAMS "racy.c", here));
    expect_text(targets.items[0].name, words[0], "the name stays as the user wrote it");
    free(here);
}

/* A file that happens to have a hazard's name does not hide the hazard; "./" names the file. */
Test(target, a_stray_file_hides_no_hazard) {
    const char *folder = scratch_new(owner);
    const char *path = write_file(owner, folder, "sample", "#!/bin/sh\n");
    cr_assert(eq(int, chmod(path, 0755), 0));
    cr_assert(eq(int, chdir(folder), 0));
    const char *const plain[] = {"sample"}, *const dotted[] = {"./sample"};
    struct targets hazard = {0}, file = {0};
    targets_resolve(owner, catalog, &(struct target_words){.words = plain, .count = 1}, &hazard,
                    NULL);
    targets_resolve(owner, catalog, &(struct target_words){.words = dotted, .count = 1}, &file,
                    NULL);
    scratch_remove(folder);
    cr_expect(eq(sz, hazard.count, 4));
    expect_text(line_of(&file), "b ./sample()");
}
