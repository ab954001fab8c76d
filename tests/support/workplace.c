/* SPDX-License-Identifier: MIT */
#include "tests/support/workplace.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"

struct workplace workplace;

void workplace_open(void) {
    workplace.owner = talloc_new(NULL);
    workplace.folder = scratch_new(workplace.owner);
    workplace.root = getcwd(NULL, 0);
}

void workplace_close(void) {
    scratch_remove(workplace.folder);
    free(workplace.root);
    talloc_free(workplace.owner);
}

struct run_outcome in_folder(const char *line) {
    const char *all = talloc_asprintf(
        workplace.owner, "export ROOT=%s PROGRAMS=%s/tests/fixtures/programs; cd %s && %s",
        workplace.root, workplace.root, workplace.folder, line);
    return command(workplace.owner, all);
}

json_t *answer_in_folder(const char *line, int status) {
    struct run_outcome outcome = in_folder(line);
    json_t *answer = answer_program(outcome.output);
    cr_assert(answer != NULL, "%s: %s%s", line, outcome.output, outcome.errors);
    cr_expect(eq(int, outcome.status, status), "%s: %s", line, outcome.errors);
    return answer;
}

const char *workplace_path(const char *name) {
    return talloc_asprintf(workplace.owner, "%s/%s", workplace.folder, name);
}

void expect_verdicts(const struct verdict_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct run_outcome outcome = in_folder(rows[i].line);
        const char *verdict = talloc_asprintf(workplace.owner, "\n  %s: ", rows[i].verdict);
        cr_expect(eq(int, outcome.status, rows[i].status), "%s: %s", rows[i].line, outcome.errors);
        cr_expect(strstr(outcome.output, verdict) != NULL, "%s is not %s: %s", rows[i].line,
                  rows[i].verdict, outcome.output);
        cr_expect(strstr(outcome.output, rows[i].words) != NULL, "%s says no '%s': %s",
                  rows[i].line, rows[i].words, outcome.output);
    }
}
