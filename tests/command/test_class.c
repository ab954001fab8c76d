/* SPDX-License-Identifier: MIT */
/* `hazard grade --results FOLDER ASSIGNMENT HANDIN...`: a class, what is kept of it, and what its teacher reads. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "run/run.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

#define CLASS "hazard grade --results res counter h/*"

/* anna and carl hand in the starter; '=1+1' the fix. */
static void open_class(void) {
    workplace_open();
    struct run_outcome made =
        in_folder("mkdir -p h/anna h/bert h/carl 'h/=1+1' h/dora && "
                  "cp $ROOT/buggy/counter.c h/anna && cp $ROOT/buggy/counter.c h/carl && "
                  "cp $ROOT/fixed/counter.c 'h/=1+1' && echo 'int x' >h/bert/counter.c && "
                  "{ echo '/* dora */'; cat $ROOT/buggy/counter-volatile.c; } >h/dora/counter.c");
    cr_assert(eq(int, made.status, 0), "%s", made.errors);
}

TestSuite(class, .init = open_class, .fini = workplace_close, .timeout = 300);

static const char *says(const char *line, int status) {
    struct run_outcome outcome = in_folder(line);
    cr_expect(eq(int, outcome.status, status), "%s\n%s%s", line, outcome.output, outcome.errors);
    return talloc_asprintf(workplace.owner, "%s%s", outcome.output, outcome.errors);
}

static void expect_words(const char *text, const char *words) {
    cr_expect(strstr(text, words) != NULL, "no '%s' in %s", words, text);
}

Test(class, each_has_its_grade_and_the_teacher_a_table) {
    expect_words(says(CLASS, 1), "4 graded, 1 known before or the same as another: res/grades.csv");
    const char *race = "\"data-race: data race on `total`: read of 4 bytes by thread 3, write of 4 "
                       "bytes by thread 4\"\r\n";
    expect_text(read_file(workplace.owner, workplace_path("res/grades.csv")),
                talloc_asprintf(workplace.owner,
                                "handin,outcome,points,most,explore,why\r\n"
                                "\"'=1+1\",full,10,10,10,\"\"\r\n"
                                "\"anna\",lost,0,10,0,%s"
                                "\"bert\",refused,0,10,0,\"the hand-in does not compile\"\r\n"
                                "\"carl\",lost,0,10,0,%s"
                                "\"dora\",lost,0,10,0,%s",
                                race, race, race),
                "grades.csv");
    const char *page = read_file(workplace.owner, workplace_path("res/index.html"));
    expect_words(page, "<p>counter: 5 hand-ins</p>");
    expect_words(page, "<a href=\"handins/anna/grade.html\">anna</a>");
    expect_words(page, "data-race 3");
    expect_words(page, "<h2>The same files</h2>\n<p>To the byte.</p>\n<ul>\n<li>anna, carl</li>");
    says("xmllint --html --noout res/index.html res/handins/*/grade.html", 0);
    expect_words(read_file(workplace.owner, workplace_path("res/handins/carl/grade.json")),
                 "\"handin\": \"carl\"");
}

/* In other formats they are not graded again, nor where nothing has changed. */
Test(class, what_is_done_is_kept) {
    says(CLASS, 1);
    expect_words(says("hazard grade --results res --format=autolab --format=sarif counter h/*", 1),
                 "0 graded, 5 known before");
    expect_words(says("cat res/handins/anna/autolab.txt res/handins/dora/grade.sarif", 0),
                 "\"scores\"");
    expect_words(says("echo '/* new */' >>h/anna/counter.c; " CLASS, 1),
                 "1 graded, 4 known before");
    expect_words(says("for kept in res/.kept/*; do echo '{' >$kept; done; " CLASS, 1),
                 "5 graded, 0 known before");
}

/* Killed when one is done: that one is not graded again, and all others are. */
Test(class, goes_on_where_it_was_killed) {
    const char *line = talloc_asprintf(
        workplace.owner,
        "{ %s grade -j 1 --results res counter h/* & pid=$!; "
        "until ls res/.kept/*.json >/dev/null 2>&1; do kill -0 $pid || exit 3; done; "
        "kill -KILL $pid; wait $pid; ls res/.kept/*.json | wc -l; }",
        hazard_path(workplace.owner));
    int done = atoi(says(line, 0));
    cr_assert(gt(int, done, 0));
    expect_words(says(CLASS, 1),
                 talloc_asprintf(workplace.owner, "\n%d graded, %d known", 4 - done, 1 + done));
}

Test(class, what_cannot_be_told_apart_is_no_class) {
    expect_words(
        says("hazard grade --results res counter h/anna/counter.c h/bert/counter.c", 2),
        "two hand-ins are named counter.c: h/anna/counter.c and h/bert/counter.c; name the "
        "folders that they are in");
    expect_words(says("hazard grade --results res counter h/anna h/nobody", 2),
                 "cannot read the hand-in h/nobody: No such file or directory");
    expect_words(says("hazard grade --format=junit:x.xml counter h/anna h/carl", 2),
                 "--format=junit:x.xml is one file, and 2 hand-ins are named: see --results");
    expect_words(says("hazard grade --results res --format=junit:../x.xml counter h/anna", 2),
                 "with --results it is a file in the folder of a hand-in");
    expect_words(says("echo >file; hazard grade --results file counter h/anna", 2), "file");
    expect_words(says("hazard grade -j 0 counter h/anna", 2), "-j");
    struct stat info;
    cr_expect(ne(int, stat(workplace_path("res"), &info), 0), "something was left behind");
}

/* The folder's own name, wherever we stand. */
Test(class, a_hand_in_is_named_by_its_folder) {
    expect_words(says("cd h/anna && hazard grade --results ../../res counter .", 1),
                 "anna: 0 of 10");
    expect_words(says("hazard grade --results res counter h/anna/", 1),
                 "anna: 0 of 10 points.\n0 graded, 1 known");
}
