/* SPDX-License-Identifier: MIT */
#include "hazard/grade/format/grade_format.h"

#include <string.h>

#include "base/memory.h"
#include "hazard/grade/format/formats.h"
#include "hazard/nearest.h"

const struct grade_format grade_formats[] = {
    {"text", NULL, "for the student, on a terminal", format_text},
    {"html", "grade.html", "for the student, a page", format_html},
    {"json", "grade.json", "everything, for programs (docs/schemas/grade.schema.json)",
     format_json},
    {"autolab", NULL, "Autolab: two lines of JSON end the output", format_autolab},
    {"gradescope", "results.json", "Gradescope", format_gradescope},
    {"classroom50", "result.json", "Classroom 50, without who handed in: autograder.py adds that",
     format_classroom50},
    {"prairielearn", "results.json", "PrairieLearn's external grader", format_prairielearn},
    {"codegrade", NULL, "CodeGrade's custom test: lines of JSON", format_codegrade},
    {"submitty", "validation_results.json", "Submitty's custom validator", format_submitty},
    {"check50", NULL, "what check50 -o json prints", format_check50},
    {"dodona", NULL, "Dodona's judge", format_dodona},
    {"junit", "grade.xml", "JUnit XML", format_junit},
    {"tap", NULL, "TAP 14", format_tap},
    {"ctrf", "ctrf-report.json", "Common Test Report Format", format_ctrf},
    {"sarif", "grade.sarif", "SARIF 2.1.0, for code scanning", format_sarif},
};
const size_t grade_format_count = sizeof grade_formats / sizeof *grade_formats;

static const char *name_at(const void *formats, size_t index) {
    return ((const struct grade_format *)formats)[index].name;
}

const struct grade_format *grade_format_find(const char *name, struct error *error) {
    for (size_t i = 0; i < grade_format_count; i++)
        if (strcmp(grade_formats[i].name, name) == 0)
            return &grade_formats[i];
    void *scratch = new_owner();
    fail(error, "%s",
         nearest_hint(scratch, "format", name, name_at, grade_formats, grade_format_count));
    talloc_free(scratch);
    return NULL;
}
