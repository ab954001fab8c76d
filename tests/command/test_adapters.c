/* SPDX-License-Identifier: MIT */
/*
 * `hazard grade --adapter`: what is written is run as the platform runs it, in a folder set up as the platform's, for a hand-in that
 * is right, for one that is racy, and where hazard is killed. What comes of it goes through what reads the platform's format.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/grade/adapter/adapter.h"
#include "hazard/grade/format/grade_format.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/validators.h"
#include "tests/support/workplace.h"

TestSuite(adapters, .init = workplace_open, .fini = workplace_close, .timeout = 600);

#define ASSIGNMENTS "$ROOT/tests/fixtures/assignments/"

/* Two of the checks of tests/fixtures/assignments/tally, and a title with what JSON, Python and shells take for their own. */
static const char quick[] =
    "title: It's \"quick\" & $(dirty) \\ @TITLE@\n"
    "files:\n  - name: tally.c\n"
    "given: [tally.h]\ndriver: [hidden/driver.c]\n"
    "checks:\n"
    "  - {name: races, with: explore, points: 5, title: \"No 'race' \\\\\"}\n"
    "  - {name: secret, title: Result, with: run, points: 1, hidden: true, "
    "output: hidden/output.txt}\n";

/*
 * $A is what the adapter has written, $H a folder with the hand-in, and `hazard` is in PATH. The line leaves RESULT.FORMAT, or nothing
 * where the platform is not to have a result.
 */
static const struct row {
    const char *adapter, *line;
    const char *right, *racy; /* in RESULT.FORMAT */
    const char *killed;       /* likewise, hazard being killed; NULL: there is none */
    int killed_status;
} rows[] = {
    {"autolab",
     "mkdir job && cp $H/tally.c job/ && tar -C $A -cf job/autograde.tar autograde && "
     "cp $A/autograde-Makefile job/Makefile && make -s -C job >result.autolab 2>&1",
     "\n{\"scores\":{\"races\":5,\"secret\":1}}\n", "\n{\"scores\":{\"races\":0,\"secret\":1}}\n",
     "\n{\"scores\":{\"races\":null,\"secret\":null}}\n", 0},
    {"check50",
     "cp -r $H checked && (cd checked && $ROOT/tests/validators/check50 $A) >result.check50",
     "\"passed\": true, \"log\": [], \"cause\": null, \"data\": {\"points\": 5, \"most\": 5",
     "\"name\": \"races\", \"description\": \"No 'race' \\\\\", \"passed\": false",
     "\"name\": \"graded\", \"description\": \"hazard graded it\", \"passed\": null", 0},
    {"classroom50",
     "cp -r $H checkout && ln -s $PWD/precious checkout/result.json && echo kept >precious && "
     "(cd checkout && CLASSROOM=c ASSIGNMENT=a SUBMISSION_TAG=submit/1 COMMIT_URL=https://x/c "
     "RELEASE_URL=https://x/r OWNER=ada ASSIGNMENT_TYPE=individual python3 $A/autograder.py) 2>&1 "
     "&& grep -qx kept precious && mv checkout/result.json result.classroom50-result",
     "\"score\": 6,\n  \"max-score\": 6", "\"score\": 1,\n  \"max-score\": 6", NULL, 1},
    {"codegrade",
     "cp -r $H student && (cd student && FIXTURES=$A STRUCTURED_OUTPUT=3 sh $A/run "
     "3>../result.codegrade)",
     "{\"tag\":\"points\",\"points\":\"6/6\"}\n", "{\"tag\":\"points\",\"points\":\"1/6\"}\n", "",
     2},
    {"dodona",
     "printf '{\"resources\": \"%s\", \"source\": \"%s\", \"time_limit\": 300}' "
     "$A/exercise/evaluation $H/tally.c | sh $A/judge/run >result.dodona",
     "\"status\": \"correct\"", "\"status\": \"wrong\"", "\"status\": \"internal error\"", 0},
    {"github",
     "cp -r $H checkout && cp -r $A/.github checkout/ && (cd checkout && "
     "GITHUB_OUTPUT=$PWD/output sh .github/hazard/grade) && cp checkout/hazard-grade/grade.sarif "
     "result.sarif && ! grep -rq SECRET checkout/hazard-grade && cp "
     "checkout/hazard-grade/grade.html "
     "result.html && cat checkout/output >>result.html",
     "points=6\nmost=6\n", "points=1\nmost=6\n", NULL, 1},
    {"gradescope",
     "mkdir -p grader/results && cp -r $A grader/source && cp -r $H grader/submission && "
     "AUTOGRADER=$PWD/grader sh grader/source/run_autograder && cp grader/results/results.json "
     "result.gradescope",
     "\"score\": 6,\n  \"tests\"", "\"score\": 1,\n  \"tests\"", NULL, 1},
    {"prairielearn",
     "mkdir grade && cp -r $A/tests grade/ && cp -r $H grade/student && GRADE=$PWD/grade sh "
     "grade/tests/run && cp grade/results/results.json result.prairielearn",
     "\"score\": 1.0", "\"score\": 0.16666", "\"gradable\": false", 0},
    {"submitty",
     "cp -r $A/custom_validation_code validation && mkdir validation/test01 && cp $H/tally.c "
     "validation/test01/ && cd validation && echo '{\"testcase_prefix\": \"test01/\"}' "
     ">custom_validator_input.json && python3 hazard_validator.py >../printed && cmp ../printed "
     "validation_results.json && mv validation_results.json ../result.submitty",
     "\"score\": 1.0", "\"score\": 0.16666", "\"status\": \"fail\"", 0},
};

static struct run_outcome run_row(const struct row *row, const char *folder, const char *handin) {
    bool killed = strcmp(folder, "killed") == 0;
    return in_folder(talloc_asprintf(
        workplace.owner,
        "mkdir -p %s/%s bin && cd %s/%s && export A=%s/written/%s H=%s PATH=%s/%s:$PATH; unset -f "
        "hazard; %s",
        row->adapter, folder, row->adapter, folder, workplace.folder, row->adapter, handin,
        workplace.folder, killed ? "deadly" : "bin", row->line));
}

/* The file that the row leaves; NULL: none. */
static const char *result_of(const struct row *row, const char *folder) {
    struct run_outcome outcome =
        in_folder(talloc_asprintf(workplace.owner, "cat %s/%s/result.%s", row->adapter, folder,
                                  strcmp(row->adapter, "github") == 0 ? "html" : "*"));
    return outcome.status == 0 ? outcome.output : NULL;
}

static void expect_graded(const struct row *row, const char *handin, const char *wanted) {
    struct run_outcome outcome =
        run_row(row, handin, talloc_asprintf(workplace.owner, ASSIGNMENTS "handed/%s", handin));
    cr_assert(eq(int, outcome.status, 0), "%s of %s: %s%s", row->adapter, handin, outcome.output,
              outcome.errors);
    const char *result = result_of(row, handin);
    cr_assert(result != NULL, "%s of %s: %s%s", row->adapter, handin, outcome.output,
              outcome.errors);
    cr_expect(strstr(result, wanted) != NULL, "%s of %s has no %s: %s", row->adapter, handin,
              wanted, result);
}

/* hazard is killed, as by a platform that wants its memory. */
static void expect_not_graded(const struct row *row) {
    struct run_outcome outcome = run_row(row, "killed", ASSIGNMENTS "handed/right");
    cr_expect(eq(int, outcome.status, row->killed_status), "%s: %s%s", row->adapter, outcome.output,
              outcome.errors);
    const char *result = result_of(row, "killed");
    if (row->killed == NULL) {
        cr_expect(result == NULL, "%s: %s", row->adapter, result);
        return;
    }
    cr_assert(result != NULL, "%s: %s%s", row->adapter, outcome.output, outcome.errors);
    cr_expect(strstr(result, row->killed) != NULL, "%s: %s", row->adapter, result);
    cr_expect(row->killed[0] != '\0' || *result == '\0', "%s: %s", row->adapter, result);
}

static void set_up(const struct row *row) {
    in_folder(
        "cp -r " ASSIGNMENTS
        "tally quick; mkdir bin deadly; printf '#!/bin/sh\\nkill -KILL $$\\n' >deadly/hazard; "
        "chmod 755 deadly/hazard");
    write_file(workplace.owner, workplace.folder, "quick/assignment.yaml", quick);
    struct run_outcome outcome = in_folder(talloc_asprintf(
        workplace.owner, "ln -s %s bin/hazard; hazard grade --adapter %s quick -o written/%s",
        hazard_path(workplace.owner), row->adapter, row->adapter));
    cr_assert(eq(int, outcome.status, 0), "%s", outcome.errors);
}

static void expect_platform(const char *name) {
    const struct row *row = rows;
    while (strcmp(row->adapter, name) != 0)
        row++;
    set_up(row);
    expect_graded(row, "right", row->right);
    expect_graded(row, "racy", row->racy);
    expect_not_graded(row);
    in_folder(
        talloc_asprintf(workplace.owner,
                        "mkdir all; for i in right racy killed; do for j in %s/$i/result.*; do "
                        "[ ! -e $j ] || cp $j all/$i.${j##*.}; done; done; sed -i "
                        "'/^points=\\|^most=/d' all/*.html 2>/dev/null",
                        row->adapter));
    size_t files = strcmp(name, "github") == 0 ? 4 : row->killed != NULL ? 3 : 2;
    expect_validated(workplace_path("all"), files);
}

Test(adapters, autolab) {
    expect_platform("autolab");
}
Test(adapters, check50) {
    expect_platform("check50");
}
Test(adapters, classroom50) {
    expect_platform("classroom50");
}
Test(adapters, codegrade) {
    expect_platform("codegrade");
}
Test(adapters, dodona) {
    expect_platform("dodona");
}
Test(adapters, github) {
    expect_platform("github");
}
Test(adapters, gradescope) {
    expect_platform("gradescope");
}
Test(adapters, prairielearn) {
    expect_platform("prairielearn");
}
Test(adapters, submitty) {
    expect_platform("submitty");
}

/* What all of them run, for each end that hazard may come to: the result, and the status. */
Test(adapters, hazard_grade_says_whether_it_graded) {
    static const struct {
        const char *hazard, *result;
        int status;
    } ends[] = {
        {"echo graded >$to; exit 0", "graded\n", 0},
        {"echo graded >$to; exit 1", "graded\n", 0},
        {"echo graded >$to; exit 3", "graded\n", 0},
        {"echo its own words >$to; exit 2", "its own words\n", 2},
        {"exit 2", "not graded\n", 2},
        {"echo half of it; exit 2", "not graded\n", 2},
        {"exit 127", "not graded\n", 2},
        {"kill -KILL $$", "not graded\n", 2},
        {"exec sleep 60", "not graded\n", 2}, /* it is given a second */
    };
    in_folder("mkdir bin; cp $ROOT/adapters/hazard-grade .; echo 'not graded' >not-graded; echo "
              "theirs >precious");
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        write_file(workplace.owner, workplace.folder, "bin/hazard",
                   talloc_asprintf(workplace.owner, "#!/bin/sh\nto=${2#*:}\n%s\n", ends[i].hazard));
        struct run_outcome outcome = in_folder(
            "chmod 755 bin/hazard; unset -f hazard; export PATH=$PWD/bin:$PATH; ln -sf precious "
            "result; sh hazard-grade json 1 handin - >printed; sh hazard-grade json 1 "
            "handin result");
        cr_expect(eq(int, outcome.status, ends[i].status), "%s: %s", ends[i].hazard,
                  outcome.errors);
        expect_text(in_folder("cat result").output, ends[i].result, "%s", ends[i].hazard);
        expect_text(in_folder("cat printed").output, ends[i].result, "%s", ends[i].hazard);
        expect_text(in_folder("cat precious").output, "theirs\n", "%s", ends[i].hazard);
    }
}

/* Several files come to Autolab in a tar; one that is none is told as a missing file. */
Test(adapters, autolab_takes_a_tar_of_several_files) {
    static const struct {
        const char *make, *said;
    } handins[] = {
        {"tar -C " ASSIGNMENTS "handed/right -cf job/handin.tar .", "\"races\":5"},
        {"echo none >job/handin.tar", "tally.c is missing"},
    };
    in_folder("mkdir bin; cp -r " ASSIGNMENTS "tally quick");
    write_file(workplace.owner, workplace.folder, "quick/assignment.yaml",
               "title: T\nfiles:\n  - name: tally.c\n  - {name: x.h, optional: true}\n"
               "given: [tally.h]\ndriver: [hidden/driver.c]\n"
               "checks:\n  - {name: races, with: explore, points: 5}\n");
    in_folder(talloc_asprintf(workplace.owner,
                              "ln -s %s bin/hazard; hazard grade --adapter autolab quick -o lab",
                              hazard_path(workplace.owner)));
    for (size_t i = 0; i < sizeof handins / sizeof *handins; i++) {
        struct run_outcome outcome = in_folder(talloc_asprintf(
            workplace.owner,
            "rm -rf job; mkdir job; unset -f hazard; export PATH=$PWD/bin:$PATH; %s; tar -C lab "
            "-cf "
            "job/autograde.tar autograde; make -s -C job -f $PWD/lab/autograde-Makefile",
            handins[i].make));
        cr_expect(eq(int, outcome.status, 0), "%s", outcome.errors);
        cr_expect(strstr(outcome.output, handins[i].said) != NULL, "%s: %s%s", handins[i].said,
                  outcome.output, outcome.errors);
    }
}

/* A title may be anything, and configurations are still what they are read as. */
Test(adapters, what_is_written_can_be_read) {
    for (size_t i = 0; i < adapter_count; i++) {
        cr_assert(i < sizeof rows / sizeof *rows);
        expect_text(rows[i].adapter, adapters[i].name);
        set_up(&rows[i]);
        in_folder("rm -r quick");
    }
    struct run_outcome outcome =
        in_folder("cd written && find . -name '*.json' | sort | while read -r i; do jq -e . \"$i\" "
                  ">/dev/null || "
                  "echo \"$i\"; "
                  "done; for i in */__init__.py */autograder.py */*/*.py; do python3 -m py_compile "
                  "$i || echo "
                  "$i; done; for i in $(grep -rl '^#!/bin/sh' */); do sh -n $i || echo $i; done; "
                  "grep -rn '@[A-Z_]*@' */ --exclude=assignment.yaml | grep -v '@TITLE@' ; "
                  "jq -r .title prairielearn/info-fragment.json");
    expect_text(outcome.output, "It's \"quick\" & $(dirty) \\ @TITLE@\n", "%s", outcome.errors);
}

Test(adapters, nothing_is_overwritten) {
    in_folder("mkdir there; echo mine >there/run_autograder");
    struct run_outcome outcome = in_folder("hazard grade --adapter gradescope counter -o there");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "there/run_autograder is there already: move it away") != NULL,
              "%s", outcome.errors);
    expect_text(in_folder("ls there; cat there/*").output, "run_autograder\nmine\n");
}

Test(adapters, misuse_is_said_in_a_line) {
    static const char *const wrong[][2] = {
        {"hazard grade --adapter gradscope counter", "did you mean 'gradescope'"},
        {"hazard grade --adapter autolab", "/assignment.yaml: No such file"},
        {"hazard grade --adapter autolab countr -o x", "did you mean 'counter'"},
        {"hazard grade --adapter autolab counter x.c", "an adapter is for one assignment"},
        {"hazard grade -o x counter x.c", "--output is for --adapter"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct run_outcome outcome = in_folder(wrong[i][0]);
        cr_expect(eq(int, outcome.status, 2), "%s", wrong[i][0]);
        cr_expect(strstr(outcome.errors, wrong[i][1]) != NULL, "%s: %s", wrong[i][0],
                  outcome.errors);
        expect_text(in_folder("ls").output, "", "%s", wrong[i][0]);
    }
}

/* Each page's commands are run where `make deb` has left a package; what they leave is what the page goes on with. */
Test(adapters, the_pages_commands_run) {
    for (size_t i = 0; i < adapter_count; i++) {
        const char *page =
            talloc_asprintf(workplace.owner, "docs/platforms/%s.md", adapters[i].name);
        char *text = read_file(workplace.owner, page);
        char *line = talloc_asprintf(
            workplace.owner, "set -e; mkdir -p %s/build; cd %s; : >build/hazard_1_amd64.deb",
            adapters[i].name, adapters[i].name);
        size_t commands = 0;
        for (const char *at = text; (at = strstr(at, "\n$ ")) != NULL; commands++) {
            at += strlen("\n$ ");
            line = talloc_asprintf_append(line, "; %.*s", (int)strcspn(at, "\n"), at);
        }
        struct run_outcome outcome = in_folder(line);
        cr_expect(eq(int, outcome.status, 0), "%s: %s%s", page, outcome.output, outcome.errors);
        cr_expect(commands > 0 && strstr(outcome.output, "HOWTO.md") != NULL, "%s", page);
        cr_expect(strstr(text, talloc_asprintf(workplace.owner, "--adapter %s counter",
                                               adapters[i].name)) != NULL);
    }
}

/* The option's help and the list of pages know each of them. */
Test(adapters, each_is_documented) {
    const char *help = in_folder("COLUMNS=1000 hazard grade --help | tr -s ' \\n' ' '").output,
               *index = read_file(workplace.owner, "docs/platforms/README.md"),
               *grade = read_file(workplace.owner, "docs/grade.md"),
               *man = read_file(workplace.owner, "docs/hazard.1");
    for (size_t i = 0; i < adapter_count; i++) {
        const char *name = adapters[i].name;
        cr_expect(strstr(help, name) != NULL && strstr(man, name) != NULL, "%s", name);
        cr_expect(strstr(index, talloc_asprintf(workplace.owner, "(%s.md)", name)) != NULL, "%s",
                  name);
        cr_expect(strstr(grade, talloc_asprintf(workplace.owner, "(platforms/%s.md)", name)) !=
                      NULL,
                  "%s", name);
    }
}

/* What docs/hazard.bash offers after an option of grade's, each between blanks. */
static const char *completed(const char *option) {
    struct run_outcome outcome = in_folder(talloc_asprintf(
        workplace.owner,
        "unset -f hazard; export PATH=$PWD/bin:$PATH; bash -c '. $ROOT/docs/hazard.bash; "
        "COMP_WORDS=(hazard grade %s \"\"); COMP_CWORD=3; _hazard; echo \" ${COMPREPLY[*]} \"'",
        option));
    cr_assert(eq(int, outcome.status, 0), "%s", outcome.errors);
    return outcome.output;
}

static void expect_word(const char *words, const char *name) {
    cr_expect(strstr(words, talloc_asprintf(workplace.owner, " %s ", name)) != NULL, "%s:%s", name,
              words);
}

Test(adapters, formats_and_adapters_are_completed) {
    in_folder(talloc_asprintf(workplace.owner, "mkdir bin; ln -s %s bin/hazard",
                              hazard_path(workplace.owner)));
    const char *words = completed("--adapter");
    for (size_t i = 0; i < adapter_count; i++)
        expect_word(words, adapters[i].name);
    words = completed("--format");
    for (size_t i = 0; i < grade_format_count; i++)
        expect_word(words, grade_formats[i].name);
}
