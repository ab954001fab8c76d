/* SPDX-License-Identifier: MIT */
/* Each format of `hazard grade`, of grades made by hand (tests/support/grades.c), through what reads that format. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/grade/format/grade_format.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/grades.h"
#include "tests/support/readers.h"
#include "tests/support/text.h"
#include "tests/support/validators.h"
#include "tests/support/workplace.h"

TestSuite(formats, .init = workplace_open, .fini = workplace_close, .timeout = 300);

static const char *written(const struct grade_format *format, const struct grade *grade) {
    char *text = NULL;
    size_t size;
    struct error error = {""};
    FILE *out = open_memstream(&text, &size);
    cr_assert(out != NULL && format->write(out, grade, &error) == 0, "%s: %s", format->name,
              error.text);
    cr_assert(fclose(out) == 0);
    cr_expect(eq(sz, strlen(text), size), "%s has a zero byte", format->name);
    const char *copy = talloc_strdup(workplace.owner, text);
    free(text);
    return copy;
}

static const char *written_as(const char *format, const char *grade) {
    struct error error;
    return written(grade_format_find(format, &error), grade_of(grade));
}

static json_t *written_json(const char *format, const char *grade) {
    json_t *value = json_loads(written_as(format, grade), 0, NULL);
    cr_assert(value != NULL, "%s of %s is no JSON", format, grade);
    return value;
}

/* ---- Valid ----------------------------------------------------------------------------------- */

Test(formats, each_of_each_grade_is_valid) {
    size_t files = 0;
    for (size_t i = 0; i < grade_count; i++)
        for (size_t j = 0; j < grade_format_count; j++, files++) {
            const struct grade_format *format = &grade_formats[j];
            const char *name =
                talloc_asprintf(workplace.owner, "%s.%s", grades[i].name, format->name);
            write_file(workplace.owner, workplace.folder, name, written(format, grades[i].grade));
            if (strcmp(format->name, "junit") == 0)
                xmlFreeDoc(readers_junit(workplace_path(name)));
            if (strcmp(format->name, "sarif") == 0)
                json_decref(readers_sarif_run(workplace_path(name)));
        }
    cr_expect(eq(sz, files, grade_count * grade_format_count));
    /* All but text, which people read, and JUnit, which has been read. */
    expect_validated(workplace.folder, grade_count * (grade_format_count - 2));
}

/* The command's own, of hand-ins that are right, racy, refused, and of a driver that is broken. */
Test(formats, those_of_real_gradings_are_valid) {
    static const struct {
        const char *name, *words;
        int status;
    } rows[] = {
        {"right",
         "$ROOT/tests/fixtures/assignments/tally $ROOT/tests/fixtures/assignments/handed/right", 0},
        {"racy",
         "$ROOT/tests/fixtures/assignments/tally $ROOT/tests/fixtures/assignments/handed/racy", 1},
        {"hides",
         "$ROOT/tests/fixtures/assignments/tally $ROOT/tests/fixtures/assignments/handed/hides", 1},
        {"broken", "wrong $ROOT/tests/fixtures/assignments/handed/right", 2},
    };
    in_folder("cp -r $ROOT/tests/fixtures/assignments/tally wrong && echo '#error' "
              ">>wrong/hidden/driver.c "
              "&& mkdir graded");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *line = talloc_strdup(workplace.owner, "hazard grade");
        for (size_t j = 0; j < grade_format_count; j++)
            line = talloc_asprintf_append(line, " --format=%s:graded/%s.%s", grade_formats[j].name,
                                          rows[i].name, grade_formats[j].name);
        struct run_outcome outcome =
            in_folder(talloc_asprintf(workplace.owner, "%s %s", line, rows[i].words));
        cr_expect(eq(int, outcome.status, rows[i].status), "%s: %s%s", rows[i].name, outcome.output,
                  outcome.errors);
        xmlFreeDoc(readers_junit(
            workplace_path(talloc_asprintf(workplace.owner, "graded/%s.junit", rows[i].name))));
    }
    expect_validated(workplace_path("graded"),
                     sizeof rows / sizeof *rows * (grade_format_count - 2));
}

/* The readers are readers: each finds what is wrong with a grade that was spoiled in one word. */
Test(formats, what_is_spoiled_is_not_valid) {
    static const struct {
        const char *format, *grade, *from, *to, *said;
    } rows[] = {
        {"autolab", "failed", "\"deadlock\":0", "\"deadlock\":\"two\"", "score of deadlock"},
        {"autolab", "failed", "\"deadlock\":0", "\"deadlock\":\"2:1\"", "in JSON"},
        {"autolab", "failed", "\"scores\":{\"races\":5,\"deadlock\":0}", "\"scores\":{}",
         "no scores"},
        {"autolab", "nasty", "\"first-1\":0", "\"Part 1: races\":0", "JSON"},
        {"check50", "failed", "\"passed\": false", "\"passed\": \"no\"", "/results/1/passed"},
        {"classroom50", "failed", "\"max-score\": 9", "\"max-score\": 9.5", "/max-score"},
        {"codegrade", "failed", "5/9", "5", "/points"},
        {"ctrf", "failed", "\"status\": \"failed\"", "\"status\": \"bad\"", "not valid"},
        {"dodona", "failed", "\"row\": 11", "\"row\": -1", "/annotations/0/row"},
        {"gradescope", "failed", "\"score\"", "\"grade\"", "must NOT have additional properties"},
        {"html", "failed", "</section>", "</div>", "no end of section"},
        {"html", "failed", "</main>", "<img src=x:y></main>", "fetches: img"},
        {"json", "failed", "\"points\": 5", "\"points\": null", "must be integer"},
        {"prairielearn", "failed", "\"score\": 0.5", "\"score\": 1.5", "/score"},
        {"sarif", "failed", "\"startLine\": 12", "\"startLine\": 0", "startLine"},
        {"submitty", "failed", "\"score\": 0.5", "\"score\": -0.5", "/data/score"},
        {"tap", "failed", "1..2", "1..3", "points are missing"},
        {"tap", "failed", "  message: \"", "  message: \"\"", "no TAP"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *whole = written_as(rows[i].format, rows[i].grade);
        const char *at = strstr(whole, rows[i].from);
        cr_assert(at != NULL, "%s has no %s", whole, rows[i].from);
        const char *name = talloc_asprintf(workplace.owner, "%zu.%s", i, rows[i].format);
        write_file(workplace.owner, workplace.folder, name,
                   talloc_asprintf(workplace.owner, "%.*s%s%s", (int)(at - whole), whole,
                                   rows[i].to, at + strlen(rows[i].from)));
    }
    const char *said = validated(workplace.folder, 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *name = talloc_asprintf(workplace.owner, "\n%zu.%s: ", i, rows[i].format);
        const char *line = strstr(said, name);
        cr_assert(line != NULL, "row %zu of %s is taken for valid:%s", i, rows[i].format, said);
        cr_expect(strstr(line, rows[i].said) != NULL, "%s:%s", rows[i].said, line);
    }
}

/* ---- What is said ------------------------------------------------------------------------------ */

/* Hidden checks show nothing to students, in whatever the platform shows to them. */
Test(formats, what_is_hidden_is_not_shown) {
    static const char *const shown[] = {"text",      "html",    "autolab", "classroom50",
                                        "codegrade", "check50", "junit",   "prairielearn",
                                        "submitty",  "tap",     "ctrf",    "sarif"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const char *text = written_as(shown[i], "hidden");
        cr_expect(strstr(text, "SECRET") == NULL, "%s: %s", shown[i], text);
    }
}

/* The others have a place that only the teacher sees. */
Test(formats, what_is_hidden_is_for_the_teacher) {
    json_t *gradescope = written_json("gradescope", "hidden"), *test;
    size_t i, shown = 0;
    json_array_foreach(json_object_get(gradescope, "tests"), i, test) {
        char *text = json_dumps(test, 0);
        bool secret = strstr(text, "SECRET") != NULL;
        if (secret)
            expect_text(answer_word(test, "visibility"), "hidden", "%s", text);
        shown += secret;
        free(text);
    }
    cr_expect(eq(sz, shown, 1));
    json_decref(gradescope);
    json_t *dodona = written_json("dodona", "hidden");
    const json_t *group = json_array_get(json_object_get(dodona, "groups"), 0);
    const json_t *messages = json_object_get(
        json_array_get(
            json_object_get(json_array_get(json_object_get(group, "groups"), 0), "groups"), 0),
        "messages");
    cr_assert(eq(sz, json_array_size(messages), 1));
    expect_text(answer_word(json_array_get(messages, 0), "permission"), "staff");
    cr_expect(strstr(answer_word(json_array_get(messages, 0), "description"), "SECRETDETAILS") !=
              NULL);
    json_decref(dodona);
    cr_expect(strstr(written_as("json", "hidden"), "SECRETDETAILS") != NULL);
}

/* What the platform is to blame for is no 0 points anywhere: in each format what says so. */
Test(formats, what_is_not_graded_is_not_0_points) {
    static const char *const rows[][3] = {
        {"autolab", "{\"scores\":{\"adjustment\":null}}",
         "{\"scores\":{\"races\":null,\"signals\":null}}"},
        {"gradescope", "\"output\": \"Not graded", "\"output\": \"Not graded"},
        {"classroom50", "\"error\": \"Not graded", "\"error\": \"Not graded"},
        {"prairielearn", "\"gradable\": false", "\"gradable\": false"},
        {"codegrade", "", ""},
        {"submitty", "\"status\": \"fail\"", "\"status\": \"fail\""},
        {"check50", "\"error\": {", "\"error\": {"},
        {"dodona", "\"internal error\"", "\"internal error\""},
        {"junit", "errors=\"1\"", "errors=\"1\""},
        {"tap", "Bail out!", "Bail out!"},
        {"ctrf", "\"other\": 1", "\"other\": 1"},
        {"sarif", "\"executionSuccessful\": false", "\"executionSuccessful\": false"},
        {"json", "\"points\": null", "\"points\": null"},
        {"text", "Not graded", "Not graded"},
        {"html", "Not graded", "Not graded"},
    };
    static const char *const points[] = {"\"score\"", "\"points\"",     "0 of 9",
                                         "0/",        "failures=\"1\"", "not ok"};
    cr_assert(eq(sz, sizeof rows / sizeof *rows, grade_format_count));
    for (size_t i = 0; i < grade_format_count; i++) {
        const char *whole = written_as(rows[i][0], "broken"),
                   *half = written_as(rows[i][0], "half-broken");
        cr_expect(strstr(whole, rows[i][1]) != NULL, "%s: %s", rows[i][0], whole);
        cr_expect(strstr(half, rows[i][2]) != NULL, "%s: %s", rows[i][0], half);
        for (size_t j = strcmp(rows[i][0], "json") == 0 ? 2 : 0; j < sizeof points / sizeof *points;
             j++)
            cr_expect(strstr(whole, points[j]) == NULL && strstr(half, points[j]) == NULL,
                      "%s says %s: %s%s", rows[i][0], points[j], whole, half);
    }
}

/* The numbers that each platform takes, of one grade with a cap, a deduction and what is undecided. */
Test(formats, points_are_the_grades) {
    static const struct {
        const char *format, *grade, *said;
    } rows[] = {
        {"autolab", "mixed",
         "{\"scores\":{\"leak\":1,\"fair\":2,\"speed\":0,\"warnings\":-1,\"adjustment\":-1}}\n"},
        {"autolab", "failed", "{\"scores\":{\"races\":5,\"deadlock\":0}}\n"},
        {"gradescope", "mixed", "\"score\": 1,\n  \"tests\""},
        {"classroom50", "mixed", "\"score\": 1,\n  \"max-score\": 9"},
        {"prairielearn", "mixed", "\"score\": 0.111111"},
        {"codegrade", "mixed", "{\"tag\":\"points\",\"points\":\"1/9\"}\n"},
        {"codegrade", "pointless", "{\"tag\":\"points\",\"points\":\"1/1\"}\n"},
        {"submitty", "mixed", "\"score\": 0.111111"},
        {"submitty", "pointless", "\"score\": 1.0"},
        {"dodona", "mixed", "\"description\": \"1 of 9 points\""},
        {"dodona", "full", "\"status\": \"correct\""},
        {"dodona", "refused", "\"status\": \"compilation error\""},
        {"check50", "mixed", "\"passed\": null"},
        {"ctrf", "mixed", "\"other\": 1"},
        {"junit", "mixed", "tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"2\""},
        {"tap", "mixed", "ok 2 - fair: Nobody starves # SKIP undecided\n"},
        {"text", "mixed", "Points: at most 1 point, as not all is decided."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = written_as(rows[i].format, rows[i].grade);
        cr_expect(strstr(text, rows[i].said) != NULL, "%s: %s", rows[i].said, text);
    }
}

/* The last line of Autolab's goes through a substitution first: no letter or digit before a colon in it. */
Test(formats, autolabs_last_line_stands_its_quirk) {
    for (size_t i = 0; i < grade_count; i++) {
        const char *text = written_as("autolab", grades[i].name);
        size_t end = strlen(text) - 1;
        while (end > 0 && text[end - 1] != '\n')
            end--;
        for (const char *at = text + end; (at = strchr(at, ':')) != NULL; at++)
            cr_expect(at[-1] == '"', "%s: %s", grades[i].name, text + end);
    }
}
