/* SPDX-License-Identifier: MIT */
/* What the renderers are made of. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clean.h"
#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "base/memory.h"
#include "hazard/render/cell.h"
#include "hazard/render/layout.h"
#include "hazard/render/lesson.h"
#include "hazard/render/shown.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

static void *owner;
static const char *folder;

static void setup(void) {
    owner = talloc_new(NULL);
    folder = scratch_new(owner);
}

static void teardown(void) {
    scratch_remove(folder);
    talloc_free(owner);
}

TestSuite(parts, .init = setup, .fini = teardown);

static char *in_folder(const char *name) {
    return talloc_asprintf(owner, "%s/%s", folder, name);
}

Test(parts, text_is_cleaned_for_terminals_and_parsers) {
#define BAD "\xEF\xBF\xBD"
    static const struct {
        const char *about, *text, *line, *utf8;
    } rows[] = {
        {"plain", "a b", "a b", "a b"},
        {"empty", "", "", ""},
        {"two, three and four bytes", "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
         "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"lines and tabs", "a\n\tb\r", "a  b", "a\n\tb\r"},
        {"escape", "\033[31m", BAD "[31m", "\033[31m"},
        {"delete", "a\x7f", "a" BAD, "a\x7f"},
        {"control of Latin 1", "\xc2\x9b", BAD, "\xc2\x9b"},
        {"no character", "\xef\xbf\xbf", BAD, "\xef\xbf\xbf"},
        {"stray byte",
         "a\xff"
         "b",
         "a" BAD "b", "a" BAD "b"},
        {"stray continuation", "\x80", BAD, BAD},
        {"cut off", "\xe2\x82", BAD BAD, BAD BAD},
        {"too long a form", "\xc0\xaf", BAD BAD, BAD BAD},
        {"surrogate", "\xed\xa0\x80", BAD BAD BAD, BAD BAD BAD},
        {"above Unicode", "\xf4\x90\x80\x80", BAD BAD BAD BAD, BAD BAD BAD BAD},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect_text(clean_line(owner, rows[i].text), rows[i].line, "%s", rows[i].about);
        expect_text(clean_utf8(owner, rows[i].text), rows[i].utf8, "%s", rows[i].about);
    }
}

Test(parts, paths_below_the_root_are_shown_relative) {
    static const struct {
        const char *root, *file, *shown;
    } rows[] = {
        {"/r", "/r/a/b.c", "a/b.c"}, {"/r", "/root/b.c", "/root/b.c"}, {"/r", "b.c", "b.c"},
        {"/r", NULL, "?"},           {NULL, "/r/b.c", "/r/b.c"},       {"/r", "/r", "/r"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_text(shown_path(owner, rows[i].root, rows[i].file), rows[i].shown, "row %zu", i);
}

Test(parts, a_cell_passes_fails_or_says_nothing) {
    static const struct program in_suite = {.path = "buggy/x.c"};
    static const struct {
        const char *about;
        enum verdict verdict;
        int runs;
        bool suite, mismatch, program_failed;
        enum cell_fate fate;
    } rows[] = {
        {"as expected", VERDICT_FOUND, 3, true, false, true, CELL_PASSED},
        {"expected hang", VERDICT_HUNG, 3, true, false, false, CELL_PASSED},
        {"mismatch", VERDICT_SILENT, 3, true, true, false, CELL_FAILED},
        {"mismatch, unsupported", VERDICT_UNSUPPORTED, 1, true, true, false, CELL_FAILED},
        {"expected to be unsupported", VERDICT_UNSUPPORTED, 1, true, false, false, CELL_SKIPPED},
        {"not run", VERDICT_FOUND, 0, true, true, false, CELL_SKIPPED},
        {"user's, found", VERDICT_FOUND, 3, false, false, false, CELL_FAILED},
        {"user's, other", VERDICT_OTHER, 3, false, false, false, CELL_FAILED},
        {"user's, hung", VERDICT_HUNG, 3, false, false, false, CELL_FAILED},
        {"user's, changed", VERDICT_CHANGED, 3, false, false, false, CELL_SKIPPED},
        {"user's, silent", VERDICT_SILENT, 3, false, false, false, CELL_PASSED},
        {"user's, silent, but exit 1", VERDICT_SILENT, 3, false, false, true, CELL_FAILED},
        {"user's, proved", VERDICT_PROVED, 1, false, false, false, CELL_PASSED},
        {"user's, refuted", VERDICT_REFUTED, 3, false, false, false, CELL_PASSED},
        {"user's, refuted, but exit 1", VERDICT_REFUTED, 3, false, false, true, CELL_FAILED},
        {"user's, doubtful", VERDICT_DOUBTFUL, 3, false, false, false, CELL_SKIPPED},
        {"user's, unsupported", VERDICT_UNSUPPORTED, 1, false, false, false, CELL_SKIPPED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct program_report program = {.in_suite = rows[i].suite ? &in_suite : NULL};
        struct cell cell = {.mismatch = rows[i].mismatch};
        cell.result.verdict = rows[i].verdict;
        cell.result.runs = rows[i].runs;
        cell.result.program_failed = rows[i].program_failed;
        cr_expect(eq(int, (int)cell_fate(&program, &cell), (int)rows[i].fate), "%s", rows[i].about);
    }
}

Test(parts, source_lines_are_read) {
    cr_assert(file_replace(in_folder("a.c"), "one\n\n\tthree  \nfour", 18, NULL) == 0);
    const char *file = in_folder("a.c");
    expect_text(shown_line(owner, file, 1), "one");
    expect_text(shown_line(owner, file, 2), "");
    expect_text(shown_line(owner, file, 3), " three");
    expect_text(shown_line(owner, file, 4), "four");
    cr_expect(shown_line(owner, file, 5) == NULL);
    cr_expect(shown_line(owner, file, 0) == NULL);
    cr_expect(shown_line(owner, in_folder("b.c"), 1) == NULL);
    cr_expect(shown_line(owner, NULL, 1) == NULL);
}

Test(parts, text_is_wrapped_at_blanks) {
    static const struct {
        const char *text;
        size_t width, length;
    } rows[] = {{"one two", 7, 7},
                {"one two", 6, 3},
                {"one two", 3, 3},
                {"onetwo", 4, 4},
                {"", 5, 0},
                {"\xc3\xa9\xc3\xa9 x", 3, 4},
                {"\xc3\xa9\xc3\xa9\xc3\xa9", 2, 4}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(eq(sz, layout_break(rows[i].text, rows[i].width), rows[i].length), "'%s' in %zu",
                  rows[i].text, rows[i].width);
}

static int entries(const char *path) {
    DIR *directory = opendir(path);
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

Test(parts, a_file_is_replaced_with_the_mode_of_any_new_file) {
    const char *path = in_folder("out");
    struct stat info;
    umask(027);
    cr_expect(eq(int, file_replace(path, "first", 5, NULL), 0));
    cr_expect(eq(int, file_replace(path, "next", 4, NULL), 0));
    expect_text(file_read(owner, path, NULL), "next");
    cr_assert(stat(path, &info) == 0);
    cr_expect(eq(int, (int)(info.st_mode & 0777), 0640));
    cr_expect(eq(int, entries(folder), 1), "nothing beside it");
}

Test(parts, a_link_stays_one_and_its_file_is_replaced) {
    const char *file = in_folder("file"), *link = in_folder("link");
    struct stat info;
    cr_assert(file_replace(file, "old", 3, NULL) == 0 && symlink("file", link) == 0);
    cr_expect(eq(int, file_replace(link, "new", 3, NULL), 0));
    cr_assert(lstat(link, &info) == 0);
    bool is_link = S_ISLNK(info.st_mode);
    cr_expect(is_link);
    expect_text(file_read(owner, file, NULL), "new");
}

Test(parts, a_file_that_cannot_be_made_is_an_error) {
    static const struct {
        const char *path, *error;
    } rows[] = {
        {"/nonexistent/out.xml", "cannot write /nonexistent/out.xml: cannot make a file beside it: "
                                 "No such file or directory"},
        {".", "cannot write .: it is a folder"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error error = {""};
        cr_expect(eq(int, file_replace(rows[i].path, "text", 4, &error), -1));
        expect_text(error.text, rows[i].error);
    }
}

/* A pipe of our own, not a device: a mistake here must not replace one of the machine's. */
Test(parts, what_is_no_regular_file_is_written_to_and_stays) {
    const char *path = in_folder("pipe");
    char read_back[5] = "";
    struct stat info;
    cr_assert(mkfifo(path, 0600) == 0);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    cr_expect(eq(int, file_replace(path, "text", 4, NULL), 0));
    cr_expect(eq(int, (int)read(reader, read_back, 4), 4));
    expect_text(read_back, "text");
    cr_assert(stat(path, &info) == 0);
    bool is_pipe = S_ISFIFO(info.st_mode);
    cr_expect(is_pipe);
    close(reader);
}

/* A limit on the file size stands for a full disk: write fails in the same way, after a part. */
Test(parts, a_full_disk_leaves_the_old_file_and_nothing_else) {
    const char *path = in_folder("out");
    struct rlimit limit, small = {.rlim_cur = 1000, .rlim_max = RLIM_INFINITY};
    char *big = new_array(owner, char, 100000);
    struct error error = {""};
    cr_assert(file_replace(path, "old", 3, NULL) == 0);
    memset(big, 'x', 99999);
    signal(SIGXFSZ, SIG_IGN);
    cr_assert(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    small.rlim_max = limit.rlim_max;
    cr_assert(setrlimit(RLIMIT_FSIZE, &small) == 0);
    int result = file_replace(path, big, 99999, &error);
    cr_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    cr_expect(eq(int, result, -1));
    cr_expect(strstr(error.text, "File too large") != NULL, "%s", error.text);
    expect_text(file_read(owner, path, NULL), "old");
    cr_expect(eq(int, entries(folder), 1), "nothing beside it");
}

Test(parts, interleaving_is_the_table_of_the_header_comment) {
    const char *table = lesson_interleaving(owner, "tests/fixtures/render/suite/buggy/toy.c", NULL);
    cr_assert(table != NULL);
    expect_text(table, "  thread 1               thread 2\n"
                       "  ---------------------  ---------------------\n"
                       "  int loc = total;\n"
                       "\n"
                       "                         int loc = total;\n"
                       "  total = loc + 1;       - lost -\n");
}

Test(parts, a_program_without_a_table_has_no_interleaving) {
    struct error error = {""};
    const char *table = lesson_interleaving(owner, "tests/fixtures/marks.c", &error);
    cr_assert(table != NULL);
    expect_text(table, "");
    cr_expect(lesson_interleaving(owner, "/nonexistent.c", &error) == NULL);
    cr_expect(strstr(error.text, "/nonexistent.c") != NULL, "%s", error.text);
}
