/* SPDX-License-Identifier: MIT */
/* `hazard copy`: a program of the suite, to be worked on elsewhere. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

TestSuite(copy, .init = workplace_open, .fini = workplace_close, .timeout = 300);

/* The rest of the line behind `label`. */
static const char *printed(const struct run_outcome *outcome, const char *label) {
    const char *at = strstr(outcome->output, label);
    cr_assert(at != NULL, "no '%s': %s%s", label, outcome->output, outcome->errors);
    at += strlen(label);
    return talloc_strndup(workplace.owner, at, strcspn(at, "\n"));
}

static const struct copy_row {
    char line[64], files[80], tried[80];
    int status; /* of the command that is printed */
    char words[40];
} copy_rows[] = {
    {"hazard copy counter", "counter/counter.c\ncounter/subject.h\n\n",
     "hazard explore counter/counter.c -- 2 1", 1, "data race on `total`"},
    {"hazard copy $ROOT/fixed/counter.c right", "right/counter.c\nright/subject.h\n\n",
     "hazard explore right/counter.c -- 3 2", 0, "90 executions"},
    {"hazard copy signal-printf 'my work/of today'",
     "my work/of today/signal-printf.c\nmy work/of today/subject.h\n\n",
     "hazard inject --signal=SIGCHLD --child-exit 'my work/of today/signal-printf.c'", 1, "found"},
    {"hazard copy iterative-server all", "all/iterative-server.c\nall/server.h\nall/subject.h\n\n",
     "hazard probe all/iterative-server.c -- 0", 1, "blocked"},
    /* The header is there already, and the same. */
    {"hazard copy counter all", "all/counter.c\nall/subject.h\n\n",
     "hazard explore all/counter.c -- 2 1", 1, "data race on `total`"},
};

Test(copy, what_is_printed_works) {
    for (size_t i = 0; i < sizeof copy_rows / sizeof *copy_rows; i++) {
        const struct copy_row *row = &copy_rows[i];
        struct run_outcome outcome = in_folder(row->line);
        cr_assert(eq(int, outcome.status, 0), "%s: %s", row->line, outcome.errors);
        cr_expect(strncmp(outcome.output, row->files, strlen(row->files)) == 0, "%s",
                  outcome.output);
        const char *line = printed(&outcome, "try it:     ");
        cr_expect(strncmp(line, row->tried, strlen(row->tried)) == 0, "%s", line);
        struct run_outcome compiled = in_folder(printed(&outcome, "compile it: "));
        cr_expect(eq(int, compiled.status, 0), "%s", compiled.errors);
        expect_text(compiled.errors, "", "%s", row->line);
        struct run_outcome tried = in_folder(line);
        cr_expect(eq(int, tried.status, row->status), "%s: %s%s", line, tried.output, tried.errors);
        cr_expect(strstr(tried.output, row->words) != NULL, "%s: %s", line, tried.output);
    }
}

static const struct refused_copy_row {
    char line[96], words[80];
} refused_rows[] = {
    {"hazard copy counter; echo mine >counter/counter.c; hazard copy counter",
     "counter/counter.c is there already"},
    {"grep -x mine counter/counter.c >&2", "mine"},
    {"mkdir new; echo mine >new/subject.h; hazard copy counter new",
     "new/subject.h is there already"},
    {"ls new >&2; false", "subject.h\n"},
    {"hazard copy countr", "did you mean 'counter'?"},
    {"hazard copy $PROGRAMS/racy.c", "is not of the suite"},
    {"hazard copy", "which hazard?"},
    {"hazard copy counter a b", "one hazard at a time"},
    {"hazard copy counter /proc/none", "/proc/none"},
};

Test(copy, nothing_is_overwritten) {
    for (size_t i = 0; i < sizeof refused_rows / sizeof *refused_rows; i++) {
        struct run_outcome outcome = in_folder(refused_rows[i].line);
        cr_expect(strstr(outcome.errors, refused_rows[i].words) != NULL, "%s: %s",
                  refused_rows[i].line, outcome.errors);
        if (strncmp(refused_rows[i].line, "hazard", 6) == 0)
            cr_expect(eq(int, outcome.status, 2), "%s", refused_rows[i].line);
    }
    cr_expect(strstr(in_folder("ls new").output, "counter.c") == NULL, "half a copy");
}
