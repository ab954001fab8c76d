/* SPDX-License-Identifier: MIT */
/* What `check` writes for others, read as strictly as they do: found, clean, not for the detector, not compiled. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/readers.h"
#include "tests/support/text.h"

#define PROGRAMS "tests/fixtures/programs/"

static const struct row {
    char options[88];
    int exit_code;
    char outcomes[4][12]; /* of the cases in JUnit; "" ends them */
    size_t results;       /* in SARIF */
    bool successful;      /* in SARIF */
    size_t failures;      /* in JSON: cells without an answer */
} rows[] = {
    {"--with tsan,explore " PROGRAMS "racy.c", 1, {"failure", "failure"}, 2, true, 0},
    {"--with drd,explore " PROGRAMS "clean.c", 0, {"system-out", "system-out"}, 0, true, 0},
    {"--with tsan,drd " PROGRAMS "killed.c", 1, {"failure", "failure"}, 2, true, 0},
    {"--with drd,explore " PROGRAMS "execs.c", 3, {"skipped", "skipped"}, 0, true, 0},
    {"--with tsan,drd FOLDER/broken.c", 2, {"error", "error"}, 0, false, 2},
    {"--with tsan,drd FOLDER/gcc.c", 0, {"skipped", "system-out"}, 0, true, 1},
    {"--with explore counter",
     1,
     {"system-out", "system-out", "system-out", "system-out"},
     3,
     true,
     0},
};

static void expect_junit(const char *path, const struct row *row) {
    xmlDoc *document = readers_junit(path);
    xmlNode *one = xmlFirstElementChild(xmlFirstElementChild(xmlDocGetRootElement(document)));
    for (size_t i = 0; i < 4 && row->outcomes[i][0] != '\0';
         i++, one = xmlNextElementSibling(one)) {
        cr_assert(one != NULL, "%s", row->options);
        expect_text((const char *)xmlFirstElementChild(one)->name, row->outcomes[i], "%s: %zu",
                    row->options, i);
    }
    xmlFreeDoc(document);
}

static void expect_sarif(const char *path, const struct row *row) {
    json_t *run = readers_sarif_run(path);
    int successful = -1;
    cr_expect(eq(sz, answer_count(run, "results"), row->results), "%s", row->options);
    cr_assert(json_unpack(run, "{s[{sb}]}", "invocations", "executionSuccessful", &successful) ==
              0);
    cr_expect(eq(int, successful, row->successful), "%s", row->options);
    json_decref(run);
}

static void expect_json(const char *output, const struct row *row) {
    json_t *program = answer_program(output), *one;
    size_t i, failures = 0;
    cr_assert(program != NULL, "%s: %s", row->options, output);
    json_array_foreach(json_object_get(program, "results"), i, one) failures +=
        *answer_word(one, "failure") != '\0';
    cr_expect(eq(sz, failures, row->failures), "%s: %s", row->options, output);
    json_decref(program);
}

static void check_row(const struct row *row, const char *folder) {
    void *owner = talloc_new(NULL);
    const char *line = talloc_asprintf(
        owner,
        "FOLDER=%s; set -- %s; hazard check --runs 1 --json --junit $FOLDER/a.xml --sarif "
        "$FOLDER/a.sarif \"$@\"",
        folder, row->options);
    for (char *at; (at = strstr(line, " FOLDER/")) != NULL;)
        line = talloc_asprintf(owner, "%.*s %s%s", (int)(at - line), line, folder,
                               at + strlen(" FOLDER"));
    struct run_outcome outcome = command(owner, line);
    cr_assert(eq(int, outcome.status, row->exit_code), "%s: %s%s", row->options, outcome.output,
              outcome.errors);
    expect_junit(talloc_asprintf(owner, "%s/a.xml", folder), row);
    expect_sarif(talloc_asprintf(owner, "%s/a.sarif", folder), row);
    expect_json(outcome.output, row);
    talloc_free(owner);
}

Test(readers, take_what_check_writes, .timeout = 600) {
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    write_file(owner, folder, "broken.c", "int main(void) {\n    return missing;\n}\n");
    write_file(owner, folder, "gcc.c",
               "int main(void) {\n    int nested(void) { return 0; }\n    return nested();\n}\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i], folder);
    scratch_remove(folder);
    talloc_free(owner);
}
